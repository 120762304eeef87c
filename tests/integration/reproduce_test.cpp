// `ummbench bundle` and `ummbench reproduce`: an author's sweep, packed, and a cell of it made again by
// somebody who has nothing else.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "author.h"

namespace umm::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST_F(ReproduceTest, AReaderMakesACellAgainWithTheSameBits) {
  ASSERT_EQ(in("author", "bundle runs/tiny --sweep quickstart -o ../one.tar.zst").exit_code, 0);
  ASSERT_EQ(in("author", "bundle runs/tiny --sweep quickstart -o ../two.tar.zst").exit_code, 0);
  EXPECT_TRUE(read_text(folder_ / "one.tar.zst") == read_text(folder_ / "two.tar.zst"));
  EXPECT_EQ(in("author", "bundle runs/tiny --sweep quickstart -o ../two.tar.zst").exit_code, 2);
  bundle();

  const Finished first = reproduce_row("sft --seeds 1 --json");
  ASSERT_EQ(first.exit_code, 0) << first.err << first.out;
  const auto json = nlohmann::json::parse(first.out);
  EXPECT_TRUE(json["bit_identical"]);
  EXPECT_TRUE(json["same_build"]) << first.out;
  EXPECT_TRUE(json["inside"]);
  EXPECT_EQ(json["pictures"], 6);
  EXPECT_EQ(json["same_bytes"], 6);
  EXPECT_EQ(json["num_seeds"], 1);
  EXPECT_EQ(json["num_seeds_of_row"], 2);
  EXPECT_GT(json["here"]["train_device_hours"], 0.0);
  EXPECT_EQ(json["runs"][0]["stored_run"], json["runs"][0]["run"]);
  EXPECT_THAT(first.out, HasSubstr("one seed: the interval is over prompts"));

  // The same folder goes on: the other seed alone is trained.
  const Finished both = reproduce_row("sft");
  ASSERT_EQ(both.exit_code, 0) << both.err;
  EXPECT_THAT(both.err, HasSubstr("goes on with what was made there"));
  EXPECT_THAT(both.out, AllOf(HasSubstr("seed 0"), HasSubstr("seed 1"), HasSubstr("12 of 12"),
                              HasSubstr("\nbit-identical: inside the interval\n")));

  // What was unpacked is whole: it plans, and makes its table.
  const Finished plan =
      in("reader", "plan small-reproduced/bundle/spec/specs/small.toml --set train.warmup=0");
  EXPECT_EQ(plan.exit_code, 0) << plan.err;
  const std::string table = "table small-reproduced/bundle/results.sqlite";
  EXPECT_EQ(in("reader", table + " --recipe small-reproduced/bundle/spec/tables/t.toml").exit_code, 0);
  EXPECT_THAT(in("reader", table).out, HasSubstr("sft"));
  const Finished sweeps =
      in("reader", "db query small-reproduced/bundle/results.sqlite 'SELECT name FROM sweep'");
  EXPECT_THAT(sweeps.out, AllOf(HasSubstr("quickstart"), ::testing::Not(HasSubstr("other"))));
}

TEST_F(ReproduceTest, ADatabaseDoesWhereEverythingIsStillThere) {
  const Finished same = in("author", "reproduce runs/tiny --sweep quickstart --benchmark geneval --row base");
  EXPECT_EQ(same.exit_code, 0) << same.err;
  EXPECT_TRUE(fs::exists(folder_ / "author/runs/tiny-reproduced/run/results.sqlite"));
  EXPECT_EQ(in("author", "reproduce runs/tiny --benchmark geneval --row base").exit_code, 2);
  const Finished row =
      in("author", "reproduce runs/tiny --sweep quickstart --benchmark geneval --row reca -o again");
  EXPECT_EQ(row.exit_code, 2);
  EXPECT_THAT(row.err, HasSubstr("rows with scores: base, sft"));
  const Finished metric =
      in("author",
         "reproduce runs/tiny --sweep quickstart --benchmark geneval --row base --metric overal -o again");
  EXPECT_THAT(metric.err, HasSubstr("no such metric; the row has: "));
  const Finished taken =
      in("author", "reproduce runs/tiny --sweep quickstart --benchmark geneval --row base -o specs");
  EXPECT_EQ(taken.exit_code, 2);
  EXPECT_THAT(taken.err, HasSubstr("nothing is overwritten"));
}

TEST_F(ReproduceTest, ForgedScoresAreOutside) {
  change("UPDATE judgement SET score = 1, reason_id = NULL; UPDATE score SET value = 1");
  bundle();
  const Finished forged = reproduce_row("base");
  EXPECT_EQ(forged.exit_code, 3) << forged.err;
  EXPECT_THAT(forged.out, AllOf(HasSubstr("[1.0000, 1.0000]"), HasSubstr("6 of 6"),
                                HasSubstr("\nnot bit-identical: outside the interval\n")));
}

TEST_F(ReproduceTest, AForgedAggregateHasNoInterval) {
  change("UPDATE score SET value = value + 0.25 WHERE name = 'overall'");
  bundle();
  const Finished forged = reproduce_row("base");
  EXPECT_EQ(forged.exit_code, 3) << forged.err;
  EXPECT_THAT(forged.out, HasSubstr("no mean over the stored pictures gives the stored overall"));
}

TEST_F(ReproduceTest, AChangedByteIsRefusedWithTheFile) {
  bundle("--images");
  ASSERT_EQ(run_command("cd reader && mkdir files && tar -xzf small.tar.gz -C files && mv small.tar.gz whole")
                .exit_code,
            0);
  const std::string pack =
      "cd reader && rm -f small.tar.gz && cd files && tar -czf ../small.tar.gz MANIFEST.json "
      "results.sqlite spec images";
  ASSERT_EQ(run_command(pack).exit_code, 0);
  EXPECT_EQ(reproduce_row("base").exit_code, 0);  // packed by hand, and whole
  const auto refused = [&](const std::string& file) {
    ASSERT_EQ(run_command(pack).exit_code, 0);
    const Finished finished = reproduce_row("base -o elsewhere");
    EXPECT_EQ(finished.exit_code, 2) << finished.out;
    EXPECT_THAT(finished.err, AllOf(HasSubstr(file), HasSubstr("has other bytes than the manifest says")));
    EXPECT_FALSE(fs::exists(folder_ / "reader/elsewhere"));
  };
  const fs::path spec = folder_ / "reader/files/spec/shared/recipe.toml";
  const std::string text = read_text(spec);
  write("reader/files/spec/shared/recipe.toml", text + " ");
  refused("spec/shared/recipe.toml");
  write("reader/files/spec/shared/recipe.toml", text);
  ASSERT_EQ(run_command("sqlite3 reader/files/results.sqlite 'UPDATE score SET value = 0.5'").exit_code, 0);
  refused("results.sqlite");
  ASSERT_EQ(run_command("cd reader && head -c 3000 whole > small.tar.gz").exit_code, 0);
  EXPECT_EQ(reproduce_row("base -o elsewhere").exit_code, 2);
}

TEST_F(ReproduceTest, WhatIsNotThereIsAwaited) {
  fs::copy(folder_ / "author/data/vocabulary.txt", folder_ / "words");
  bundle("--inputs 0");
  const Finished awaited = reproduce_row("base");
  EXPECT_EQ(awaited.exit_code, 2);
  EXPECT_THAT(awaited.err, AllOf(HasSubstr("data/vocabulary.txt (SHA-256 "), HasSubstr("--input")));
  EXPECT_EQ(reproduce_row("base --input small.tar.gz").exit_code, 2);
  const Finished given = reproduce_row("base --input ../words");
  EXPECT_EQ(given.exit_code, 0) << given.err;
}

TEST_F(ReproduceTest, CommandsOfThePageDoWhatTheySay) {
  std::istringstream page(read_text(UMM_SOURCE_DIR "/docs/bundle.md"));
  int commands = 0;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("ummbench ") || line.find(" # ") == std::string::npos) continue;
    const Finished finished = in("author", line.substr(9, line.find(" # ") - 9));
    EXPECT_EQ(finished.exit_code, 0) << line << "\n" << finished.err;
    ++commands;
  }
  EXPECT_EQ(commands, 3);
}

// Other bytes of a plugin's library, and the same code.
TEST_F(ReproduceTest, AnotherBuildIsSaid) {
  bundle();
  fs::create_directories(folder_ / "reader/plugins");
  ASSERT_EQ(run_command("cp '" UMM_BINARY_DIR "/plugins/showo.umm.so' reader/plugins/ && echo >> "
                        "reader/plugins/showo.umm.so")
                .exit_code,
            0);
  const Finished finished =
      in("reader", "--plugins plugins reproduce small.tar.gz --row base --benchmark geneval --json");
  ASSERT_EQ(finished.exit_code, 0) << finished.err;
  const auto json = nlohmann::json::parse(finished.out);
  EXPECT_TRUE(json["bit_identical"]);
  EXPECT_FALSE(json["same_build"]);
  EXPECT_THAT(json["differences"].dump(), HasSubstr("architecture showo: version"));
  EXPECT_EQ(json["differences"].size(), 1u);
}

}  // namespace
}  // namespace umm::testing
