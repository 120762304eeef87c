// One sweep as a database of its own: all that is its, and nothing of another.
#include "results/subset.h"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "results/database.h"
#include "results/query.h"
#include "results/table.h"
#include "tests/results/small_database.h"

namespace umm::results {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string bytes_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string text_of(const Store& store, const std::string& rows) {
  std::string text;
  print_query(store.handle(), "SELECT * FROM " + rows, QueryFormat::kCsv,
              [&](std::string_view part) { text += part; });
  return text;
}

// Beside the small sweep another: a run of its own, and one that made what the small sweep's row sft needs.
class SubsetTest : public testing::Test {
 protected:
  void SetUp() override {
    Store store = open_small_database(folder_);
    store.put_sweep({"ALIEN sweep", "ALIEN words", "ALIEN.toml", "ALIEN text"});
    auto run = small_run("ALIEN row", 7);
    run.sweep = "ALIEN sweep";
    run.canonical_config = "ALIEN config";
    const StageRow own{identity_of("ALIEN stage"), "ALIEN stage", "ALIEN method", "ALIEN stage config"};
    const StageRow shared = small_stages("sft", 0).front();
    store.put_run(run, {shared, own});
    const auto attempt = store.begin_attempt({own.identity, run.identity, 1, "ALIEN host"});
    store.finish_attempt(attempt, {1, 1, 1}, {small_cost("train", 1)}, {{1, "ALIEN curve", 1.0}});
    auto evaluation = small_evaluation("ALIEN evaluation");
    evaluation.benchmark = "ALIEN benchmark";
    store.put_evaluation(run.identity, evaluation, {{"ALIEN item", "ALIEN tag", "ALIEN prompt", "{}"}},
                         {{"ALIEN item", 0, "ALIEN.png", identity_of("image"), "\"ALIEN\"", 1, "ALIEN"}},
                         {{"ALIEN score", 1}}, {small_cost("generate", 1)});
    store.link_evaluation(run.identity, small_evaluation("sft0").identity);
    Statement(store.handle(),
              "UPDATE attempt SET run_id = (SELECT id FROM run WHERE identity = ?1), "
              "number = 1 WHERE stage_id = (SELECT id FROM stage WHERE identity = ?2) "
              "AND status = 'complete'")
        .bind(run.identity, shared.identity)
        .run();
    Statement(store.handle(),
              "INSERT INTO reported (file, paper, version, place, row, benchmark, metric, "
              "value, unit, trust, note, sweep, label) VALUES ('f', 'P', '', 't', 'ALIEN', "
              "'geneval', 'overall', 1, 'percent', 'primary', '', 'ALIEN sweep', 'ALIEN row'), "
              "('f', 'P', '', 't', 'ours', 'geneval', 'overall', 1, 'percent', 'primary', '', "
              "'small', 'sft')")
        .run();
    copy_sweep(store.handle(), "small", folder_ / "small.sqlite");
  }

  TemporaryFolder folder_;
};

TEST_F(SubsetTest, NothingOfAnotherSweepIsInTheFile) {
  EXPECT_THAT(bytes_of(folder_ / "results.sqlite"), HasSubstr("ALIEN prompt"));
  EXPECT_THAT(bytes_of(folder_ / "small.sqlite"), Not(HasSubstr("ALIEN")));
  const Store copy = Store::open_read_only(folder_ / "small.sqlite");
  EXPECT_EQ(query(copy, "SELECT count(*) FROM pragma_foreign_key_check"), "0");
  EXPECT_EQ(query(copy, "SELECT group_concat(row) FROM reported"), "ours");
}

TEST_F(SubsetTest, TheSweepIsWhole) {
  const Store store = Store::open_read_only(folder_ / "results.sqlite");
  const Store copy = Store::open_read_only(folder_ / "small.sqlite");
  EXPECT_EQ(render(build_tables(copy, "small").at(0), TableFormat::kMarkdown),
            render(build_tables(store, "small").at(0), TableFormat::kMarkdown));
  for (const char* rows :
       {"runs WHERE sweep = 'small'", "scores WHERE sweep = 'small'", "costs WHERE sweep = 'small'",
        "sweep_costs WHERE sweep = 'small'", "scores_by_seed WHERE sweep = 'small'",
        "item JOIN evaluation ON evaluation.id = "
        "evaluation_id WHERE benchmark = 'geneval'"})
    EXPECT_EQ(text_of(copy, rows), text_of(store, rows)) << rows;
  // What another sweep's run made is there, without its maker.
  EXPECT_EQ(query(copy, "SELECT count(*) FROM attempt WHERE status = 'complete'"), "4");
  EXPECT_EQ(
      query(copy, "SELECT printf('%.1f', train_device_hours) FROM costs WHERE label = 'sft' AND seed = 0"),
      "1.0");
}

TEST_F(SubsetTest, EqualContentGivesEqualBytesAndNothingIsOverwritten) {
  const Store store = Store::open_read_only(folder_ / "results.sqlite");
  copy_sweep(store.handle(), "small", folder_ / "again.sqlite");
  EXPECT_TRUE(bytes_of(folder_ / "again.sqlite") == bytes_of(folder_ / "small.sqlite"));
  EXPECT_THAT(error_of([&] { copy_sweep(store.handle(), "small", folder_ / "again.sqlite"); }),
              HasSubstr("cannot be written: File exists"));
  EXPECT_THAT(error_of([&] { copy_sweep(store.handle(), "none", folder_ / "none.sqlite"); }),
              HasSubstr("there is no sweep 'none'"));
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
    EXPECT_EQ(entry.path().extension(), ".sqlite") << entry.path();
}

// What a later schema may bring: texts that many rows share.
TEST_F(SubsetTest, SharedTextsThatNobodyNamesGo) {
  {
    Store store = Store::open(folder_ / "results.sqlite");
    execute(store.handle(),
            "CREATE TABLE words (id INTEGER PRIMARY KEY, text TEXT NOT NULL);"
            "CREATE TABLE said (item INTEGER NOT NULL REFERENCES evaluation_prompt(id), "
            "words INTEGER NOT NULL REFERENCES words(id));"
            "INSERT INTO words SELECT id, prompt FROM item; INSERT INTO said SELECT id, id FROM item",
            "preparing a test");
    copy_sweep(store.handle(), "small", folder_ / "shared.sqlite");
  }
  EXPECT_THAT(bytes_of(folder_ / "shared.sqlite"), Not(HasSubstr("ALIEN")));
  const Store copy = Store::open_read_only(folder_ / "shared.sqlite");
  EXPECT_EQ(query(copy, "SELECT count(*) > 0 AND count(*) = (SELECT count(*) FROM item) FROM words"), "1");
}

}  // namespace
}  // namespace umm::results
