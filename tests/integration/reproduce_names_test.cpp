// What a reader may name for `ummbench reproduce`, and what a bundle says that it lacks.
#include <gmock/gmock.h>

#include "author.h"

namespace umm::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST_F(ReproduceTest, ACellIsNamedAsItsTableNamesIt) {
  bundle();
  const auto refused = [&](const std::string& arguments) {
    const Finished finished = reproduce(arguments);
    EXPECT_EQ(finished.exit_code, 2) << arguments;
    EXPECT_FALSE(fs::exists(folder_ / "reader/small-reproduced"))
        << "a corrected bundle finds its place free";
    return finished.err;
  };
  EXPECT_THAT(refused("--recipe t01 --row sft --column overall"), HasSubstr("it has: spec/tables/t.toml"));
  EXPECT_THAT(refused("--recipe t --row SFT --column overall"),
              HasSubstr("--row SFT; there is none such, but: sft"));
  EXPECT_THAT(refused("--recipe t --row sft --column total"),
              HasSubstr("--column total; there is none such, but: overall"));
  EXPECT_THAT(refused("--row sft --seeds 1"),
              AllOf(HasSubstr("several scores are called so, choose one"), HasSubstr("--benchmark dpg"),
                    HasSubstr("--benchmark geneval")));
  const Finished both = reproduce("--recipe t --row sft --column overall --metric overall");
  EXPECT_EQ(both.exit_code, 2);
  const Finished cell = reproduce("--recipe t.toml --row sft --column overall --seeds 1");
  EXPECT_EQ(cell.exit_code, 0) << cell.err;
  EXPECT_THAT(cell.out, HasSubstr("quickstart, sft: geneval overall"));
}

TEST_F(ReproduceTest, ABundleIsTheSameFromAnyFolder) {
  ASSERT_EQ(in("author", "bundle runs/tiny --sweep quickstart -o ../one.tar.gz").exit_code, 0);
  const std::string there =
      "bundle '" + (folder_ / "author/runs/tiny").string() + "' --sweep quickstart -o '";
  const Finished made = in("/", there + (folder_ / "two.tar.gz").string() + "'");
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.out, ::testing::Not(HasSubstr("not in it")));
  EXPECT_TRUE(read_text(folder_ / "one.tar.gz") == read_text(folder_ / "two.tar.gz"));

  fs::remove(folder_ / "author/tables/t.toml");
  write("author/data/vocabulary.txt", "other words");
  const Finished less = in("/", there + (folder_ / "less.tar.gz").string() + "'");
  ASSERT_EQ(less.exit_code, 0) << less.err;
  EXPECT_THAT(less.out,
              AllOf(HasSubstr("not in it: recipe specs/../tables/t.toml, which [report] names: there is "
                              "no file " +
                              (folder_ / "author/tables/t.toml").string()),
                    HasSubstr("what lies there is not what the runs read")));
  const Finished zip = in("author", "bundle runs/tiny --sweep quickstart -o x.zip");
  EXPECT_EQ(zip.exit_code, 2);
  EXPECT_THAT(zip.err, HasSubstr("expected a name that ends with .tar.zst"));
}

TEST_F(ReproduceTest, ARowOfScoreHasNothingToRunAndLeavesTheOthersWhole) {
  const Finished copied = run_command(
      "cd author && cp -r runs/tiny/images/$(sqlite3 runs/tiny/results.sqlite \"SELECT "
      "substr(evaluation_identity, 1, 16) FROM scores WHERE label = 'base' AND benchmark = 'geneval' LIMIT "
      "1\") pictures");
  ASSERT_EQ(copied.exit_code, 0) << copied.err;
  const std::string score = "score geneval/one --images pictures --sweep quickstart -o runs/tiny --label ";
  const Finished taken = in("author", score + "sft");
  EXPECT_EQ(taken.exit_code, 2);
  EXPECT_THAT(taken.err, HasSubstr("has a row \"sft\" of its own runs"));
  ASSERT_EQ(in("author", score + "theirs").exit_code, 0);
  EXPECT_THAT(in("author", "run specs/small.toml --set train.warmup=0").out, HasSubstr("0 evaluations made"));
  EXPECT_THAT(in("author", "table runs/tiny/results.sqlite --sweep quickstart").out, HasSubstr("theirs"));
  const Finished seen = run_command(
      "cd author && sqlite3 runs/tiny/results.sqlite \"SELECT json_object('item', item_id, 'image', "
      "image_index, 'evidence', json(evidence_json)) FROM evidence JOIN item ON item.id = item_row_id WHERE "
      "evaluation_id = (SELECT min(evaluation_id) FROM item)\" > seen.jsonl");
  ASSERT_EQ(seen.exit_code, 0) << seen.err;
  const Finished evidence =
      in("author", "score geneval/one --evidence seen.jsonl --sweep quickstart -o runs/tiny --label seen");
  ASSERT_EQ(evidence.exit_code, 0) << evidence.err;

  // Pictures that lie elsewhere stay there, and of evidence there are none.
  const Finished images = in("author", "bundle runs/tiny --sweep quickstart --images -o ../images.tar.gz");
  ASSERT_EQ(images.exit_code, 0) << images.err;
  EXPECT_THAT(images.out, HasSubstr("not in it: 6 pictures of geneval, the first pictures/"));
  EXPECT_THAT(run_command("tar -tzf images.tar.gz").out, HasSubstr("images/"));
  bundle();
  const Finished theirs = reproduce_row("theirs");
  EXPECT_EQ(theirs.exit_code, 2);
  EXPECT_THAT(theirs.err, HasSubstr("there is nothing to run"));
  const Finished sft = reproduce_row("sft --seeds 1");
  EXPECT_EQ(sft.exit_code, 0) << sft.err << sft.out;
}

}  // namespace
}  // namespace umm::testing
