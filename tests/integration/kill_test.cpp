// Killed at random moments and given again, a sweep ends with the same bits: weights, curves, pictures,
// evidence, scores. More of it:  UMM_TEST_KILLS=100 UMM_TEST_SEED=7 ./test -R kill
#include <chrono>
#include <map>
#include <random>

#include "program.h"

namespace umm::testing {
namespace {

int64_t setting(const char* variable, int64_t otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::stoll(text) : otherwise;
}

// Everything a paper would be made from, and nothing that tells how long it took.
constexpr const char* kQueries = R"(
SELECT identity, error FROM run ORDER BY 1;
SELECT stage.identity, micro_iterations, updates, images_seen FROM attempt JOIN stage ON stage.id = stage_id
  WHERE status = 'complete' ORDER BY 1;
SELECT stage.identity, curve.name, at_update, printf('%!.17g', value) FROM curve
  JOIN attempt ON attempt.id = attempt_id JOIN stage ON stage.id = stage_id
  WHERE status = 'complete' ORDER BY 1, 2, 3;
SELECT evaluation.identity, item.item_id, image_index, image_path, image_sha256, evidence_json, score, reason
  FROM evidence JOIN item ON item.id = item_row_id JOIN evaluation ON evaluation.id = evaluation_id
  ORDER BY 1, 2, 3;
SELECT evaluation.identity, score.name, printf('%!.17g', value) FROM score
  JOIN evaluation ON evaluation.id = evaluation_id ORDER BY 1, 2;
)";

struct Family {
  const char* architecture;
  int64_t num_kills;
};

class KillTest : public ProgramTest, public ::testing::WithParamInterface<Family> {
 protected:
  // By name: what the sweep left, weights and pictures as bytes.
  std::map<std::string, std::string> results() const {
    write("queries.sql", kQueries);
    const Finished dumped = run_command("sqlite3 out/results.sqlite < queries.sql");
    EXPECT_EQ(dumped.exit_code, 0) << dumped.err;
    std::map<std::string, std::string> all = {{"database", dumped.out}};
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / "out")) {
      const std::string extension = entry.path().extension().string();
      if (extension == ".safetensors" || extension == ".png")
        all[fs::relative(entry.path(), folder_).string()] = read_text(entry.path());
    }
    return all;
  }

  static void expect_equal(const std::map<std::string, std::string>& found,
                           const std::map<std::string, std::string>& expected) {
    ASSERT_EQ(found.size(), expected.size());
    EXPECT_EQ(found.at("database"), expected.at("database"));
    for (const auto& [name, bytes] : expected) {
      ASSERT_TRUE(found.contains(name)) << name;
      EXPECT_TRUE(found.at(name) == bytes) << name << " has other bytes";
    }
  }
};

TEST_P(KillTest, TheSweepEndsWithTheSameBits) {
  write("small.toml", small_spec("updates = 40\ncheckpoint_every = 3", GetParam().architecture));
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(run("run small.toml").exit_code, 0);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const auto expected = results();
  ASSERT_GT(expected.size(), 36u) << "weights and pictures";

  const int64_t wanted = setting("UMM_TEST_KILLS", GetParam().num_kills), seed = setting("UMM_TEST_SEED", 1);
  std::mt19937_64 random(static_cast<uint64_t>(seed));
  std::uniform_real_distribution<double> moment(0.1 * seconds, 0.5 * seconds);
  for (int64_t kills = 0; kills < wanted;) {
    fs::remove_all(folder_ / "out");
    int exit_code = 137;
    while (exit_code != 0) {
      const std::string limit = kills < wanted ? "timeout -s KILL " + std::to_string(moment(random)) : "";
      const Finished attempt = run("run small.toml", limit);
      exit_code = attempt.exit_code;
      ASSERT_TRUE(exit_code == 0 || exit_code == 137) << "after kill " << kills << ": " << attempt.err;
      kills += exit_code != 0;
    }
    expect_equal(results(), expected);
  }
}

INSTANTIATE_TEST_SUITE_P(Families, KillTest, ::testing::Values(Family{"showo", 20}, Family{"harmon", 6}),
                         [](const auto& info) { return info.param.architecture; });

}  // namespace
}  // namespace umm::testing
