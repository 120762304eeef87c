// `ummbench db` on a sweep that was run: asked, described, copied, deleted and made again.
#include "program.h"

namespace umm::testing {
namespace {

class DbTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    write("small.toml", small_spec());
    const Finished finished = run("run small.toml --set train.updates=1");
    ASSERT_EQ(finished.exit_code, 0) << finished.err;
  }

  std::string ask(const std::string& sql) const {
    const Finished finished = run("db query out \"" + sql + "\" --format csv");
    EXPECT_EQ(finished.exit_code, 0) << sql << "\n" << finished.err;
    return finished.out.substr(std::min(finished.out.find('\n') + 1, finished.out.size()));
  }
};

TEST_F(DbTest, AsksDescribesCopiesAndMakesItAgain) {
  EXPECT_EQ(ask("SELECT group_concat(label, ' ') FROM (SELECT label FROM runs ORDER BY position)"),
            "base sft reca\n");
  // 12 pictures each; the base goes with both.
  EXPECT_EQ(ask("SELECT count(*) FROM paired_items"), "72\n");
  EXPECT_EQ(ask("SELECT count(*) FROM paired_items WHERE label_a = 'reca' AND label_b = 'sft'"), "12\n");
  EXPECT_EQ(ask("SELECT count(DISTINCT label) > 0 FROM pareto WHERE name = 'overall'"), "1\n");
  EXPECT_EQ(ask("SELECT count(*) FROM failures"), "0\n");
  EXPECT_EQ(ask("SELECT overrides FROM submission"), "\"[\"\"train.updates=1\"\"]\"\n");
  EXPECT_EQ(
      ask("SELECT min(length(program_version) > 0 AND length(torch_version) > 0 AND length(host) > 0 AND "
          "json_array_length(devices) > 0) FROM submission"),
      "1\n");
  EXPECT_EQ(ask("SELECT group_concat(DISTINCT kind) FROM (SELECT kind FROM run_plugin ORDER BY kind)"),
            "\"architecture,dataset,detector,evaluator,method,prompt_set\"\n");
  EXPECT_EQ(ask("SELECT min(length(content_hash)) FROM run_input"), "64\n");

  EXPECT_EQ(ask("SELECT count(DISTINCT label), min(origin), max(origin) FROM settings "
                "WHERE key LIKE 'stage.%.train.updates'"),
            "2,--set,--set\n");
  EXPECT_EQ(ask("SELECT count(*) FROM settings WHERE origin = '' OR key = ''"), "0\n");
  EXPECT_EQ(ask("SELECT count(*) > 20 FROM settings WHERE label = 'sft' AND origin LIKE 'default%'"), "1\n");
  EXPECT_EQ(ask("SELECT count(*) > 5 FROM settings WHERE label = 'sft' AND origin LIKE '% small.toml:%'"),
            "1\n");
  // Pictures lie where the database need not say it.
  EXPECT_EQ(ask("SELECT count(*), count(image_path) FROM judgement"), "36,0\n");

  const Finished schema = run("db schema out run paired_items");
  expect_words(schema.out,
               {"table run, 3 rows", "canonical_config", "view paired_items", "value_a - value_b"});

  fs::create_directories(folder_ / "runs");
  expect_words(run("db schema runs").out, {"view runs", "why the latest start failed"});
  EXPECT_EQ(run("db schema ./runs").exit_code, 2) << "a folder without a database";

  const Finished snapshot = run("db snapshot out paper.sqlite");
  EXPECT_EQ(snapshot.exit_code, 0) << snapshot.err;
  EXPECT_EQ(run("db snapshot out paper.sqlite").exit_code, 2);
  EXPECT_EQ(run("db export paper.sqlite --csv numbers").exit_code, 0);
  expect_words(read_text(folder_ / "numbers/scores_by_seed.csv"),
               {"standard_deviation", "small,0,base,geneval"});

  const std::string everything = "SELECT * FROM scores ORDER BY evaluation_identity, run_identity, name";
  const std::string before = ask(everything);
  const std::string origins = "SELECT * FROM settings ORDER BY run_identity, key";
  const std::string origins_before = ask(origins);
  fs::remove(folder_ / "out/results.sqlite");
  EXPECT_EQ(run("db query out 'SELECT 1'").exit_code, 2);
  const Finished ingest = run("db ingest out");
  EXPECT_EQ(ingest.exit_code, 0) << ingest.err;
  expect_words(ingest.out, {"of 3 journals, 0 problems"});
  EXPECT_EQ(ask(everything), before);
  EXPECT_EQ(ask(origins), origins_before);
}

TEST_F(DbTest, PublishedFiguresStandBesideMeasuredOnes) {
  write("p.csv",
        "paper,version,place,row,benchmark,metric,value,unit,trust,note,sweep,label\n"
        "P,v1,table 1,RecA,geneval,overall,90,percent,by_eye,,small,reca\n");
  const Finished added = run("db reported out p.csv '" UMM_SOURCE_DIR "/experiments/paper/reported'");
  EXPECT_EQ(added.exit_code, 0) << added.err;
  expect_words(added.out, {"1 figures  p.csv", "figures  reca.csv", "0 problems"});
  EXPECT_EQ(ask("SELECT reported, measured IS NOT NULL FROM reported_vs_measured WHERE paper = 'P'"),
            "90.0,1\n");
  EXPECT_EQ(ask("SELECT count(*) FROM scores WHERE label LIKE '%BAGEL%'"), "0\n");
  fs::create_directories(folder_ / "more");
  fs::copy(folder_ / "p.csv", folder_ / "more");
  const Finished twice = run("db reported out p.csv more");
  EXPECT_EQ(twice.exit_code, 2);
  expect_words(twice.err, {"p.csv and more/p.csv: one would take the place of the other", "rename one"});
  write("wrong.csv", "paper,value\n");
  const Finished wrong = run("db reported out wrong.csv");
  EXPECT_EQ(wrong.exit_code, 2);
  expect_words(wrong.err, {"wrong.csv:1", "expected paper,version"});
}

TEST_F(DbTest, MistakesAndWishesToWriteAreRefused) {
  const Finished mistake = run("db query out 'SELECT labell FROM runs'");
  EXPECT_EQ(mistake.exit_code, 2);
  expect_words(mistake.err, {"no such column: labell", "line 1, column 8"});
  EXPECT_EQ(run("db query out 'DELETE FROM run'").exit_code, 2);
  EXPECT_EQ(run("db query out 'SELECT 1; SELECT 2'").exit_code, 2);
  EXPECT_EQ(run("db schema nothing").exit_code, 2);
  EXPECT_EQ(run("db ingest .").exit_code, 2);
  EXPECT_FALSE(fs::exists(folder_ / "results.sqlite"));
  // A journal that cannot be read is said, and the rest is taken in.
  for (const auto& entry : fs::recursive_directory_iterator(folder_ / "out/runs"))
    if (entry.path().filename() == "journal.umj") {
      std::ofstream(entry.path()) << "no journal\n";
      break;
    }
  fs::remove(folder_ / "out/results.sqlite");
  const Finished ingest = run("db ingest out");
  EXPECT_EQ(ingest.exit_code, 1) << ingest.out;
  expect_words(ingest.out, {"1 problems"});
  EXPECT_EQ(ask("SELECT count(*) FROM evaluation"), "2\n");
}

// A spec in a repository: its commit, and what was changed since.
TEST_F(DbTest, TheStateOfTheRepositoryIsKept) {
  if (run_command("git --version").exit_code != 0)
    GTEST_SKIP() << "git is not installed here, and the test asks it for the state of a repository";
  // Whoever tests in a hook of git's has them set, to the repository of the hook.
  for (const char* variable : {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"})
    unsetenv(variable);
  const std::string git = "git -c user.name=a -c user.email=a@b.c -c commit.gpgsign=false ";
  const Finished made = run_command("git init -q . && git add small.toml && " + git + "commit -qm one && " +
                                    "echo '# changed' >> small.toml && git rev-parse HEAD");
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_EQ(run("run small.toml --set train.updates=1").exit_code, 0);
  EXPECT_EQ(ask("SELECT git_commit FROM submission"), made.out);
  EXPECT_EQ(ask("SELECT git_dirty, git_diff LIKE '%+# changed%' FROM submission"), "1,1\n");
  ASSERT_EQ(run_command("git add small.toml && " + git + "commit -qm two").exit_code, 0);
  EXPECT_EQ(run("run small.toml --set train.updates=1").exit_code, 0);
  EXPECT_EQ(ask("SELECT git_dirty, git_diff FROM submission"), "0,\"\"\n");
}

}  // namespace
}  // namespace umm::testing
