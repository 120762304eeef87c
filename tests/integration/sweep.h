// Sweeps that are disturbed, and what they must leave all the same.
#pragma once

#include <map>

#include "program.h"

namespace umm::testing {

class SweepTest : public ProgramTest {
 protected:
  // Five runs of a second or two: the base, SFT and RecA with two seeds each.
  std::string sweep_spec(const std::string& train, const std::string& architecture = "showo") const {
    return small_spec(train, architecture) + "[resources]\nthreads = 1\n" + kTwoSeeds;
  }

  // By name: what the sweep left in `output`, weights and pictures as bytes, the database as text.
  std::map<std::string, std::string> results(const std::string& output = "out") const {
    write("queries.sql", kQueries);
    const Finished dumped = run_command("sqlite3 " + output + "/results.sqlite < queries.sql");
    EXPECT_EQ(dumped.exit_code, 0) << dumped.err;
    std::map<std::string, std::string> all = {{"database", dumped.out}};
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / output)) {
      const std::string extension = entry.path().extension().string();
      if (extension == ".safetensors" || extension == ".png")
        all[fs::relative(entry.path(), folder_ / output).string()] = read_text(entry.path());
    }
    return all;
  }

  static void expect_equal(const std::map<std::string, std::string>& found,
                           const std::map<std::string, std::string>& expected) {
    EXPECT_EQ(found.at("database"), expected.at("database"));
    for (const auto& [name, bytes] : found)
      EXPECT_TRUE(expected.contains(name)) << name << " is one too many";
    for (const auto& [name, bytes] : expected) {
      const auto same = found.find(name);
      EXPECT_TRUE(same != found.end()) << name << " is missing";
      EXPECT_TRUE(same == found.end() || same->second == bytes) << name << " has other bytes";
    }
  }

 private:
  // Everything a paper would be made from, and nothing that tells how long it took.
  static constexpr const char* kQueries = R"(
SELECT identity, error FROM run ORDER BY 1;
SELECT stage.identity, micro_iterations, updates, images_seen FROM attempt JOIN stage ON stage.id = stage_id
  WHERE status = 'complete' ORDER BY 1;
SELECT stage.identity, curve.name, at_update, printf('%!.17g', value) FROM curve
  JOIN attempt ON attempt.id = attempt_id JOIN stage ON stage.id = stage_id
  WHERE status = 'complete' AND curve.name NOT LIKE 'measured/%' ORDER BY 1, 2, 3;
SELECT run.identity, evaluation.identity FROM run_evaluation JOIN run ON run.id = run_evaluation.run_id
  JOIN evaluation ON evaluation.id = evaluation_id ORDER BY 1, 2;
SELECT evaluation.identity, item.item_id, image_index, image_path, image_sha256, evidence_json, score, reason
  FROM evidence JOIN item ON item.id = item_row_id JOIN evaluation ON evaluation.id = evaluation_id
  ORDER BY 1, 2, 3;
SELECT evaluation.identity, score.name, printf('%!.17g', value) FROM score
  JOIN evaluation ON evaluation.id = evaluation_id ORDER BY 1, 2;
SELECT sweep.name, position, label, axes FROM sweep_run JOIN sweep ON sweep.id = sweep_id ORDER BY 1, 2;
)";
};

}  // namespace umm::testing
