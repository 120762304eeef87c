// Databases of earlier schema versions, made with the schema as it was (tests/data/results).
#include <gmock/gmock.h>
#include <sqlite3.h>

#include "results/describe.h"
#include "results/run_folder.h"
#include "results/table.h"
#include "tests/results/small_output.h"

namespace umm::results {
namespace {

using testing::HasSubstr;

class Migration : public testing::Test {
 protected:
  // The small sweep as version 1 stored it: today's rows without the columns that came since.
  Migration() {
    Store present = Store::open(folder_ / "present.sqlite");
    fill_small_database(present);
    sqlite3* database = nullptr;
    sqlite3_open(old_.c_str(), &database);
    run(database, read_file(UMM_SOURCE_DIR "/tests/data/results/schema_1.sql"));
    run(database, "ATTACH '" + (folder_ / "present.sqlite") + "' AS present");
    for (const char* table : {"sweep", "run", "sweep_run", "stage", "run_stage", "attempt", "curve",
                              "evaluation", "run_evaluation", "item", "evidence", "score", "cost"}) {
      std::string columns;
      sqlite3_stmt* names = nullptr;
      const std::string sql =
          std::string("SELECT group_concat(name) FROM pragma_table_info('") + table + "')";
      sqlite3_prepare_v2(database, sql.c_str(), -1, &names, nullptr);
      if (sqlite3_step(names) == SQLITE_ROW)
        columns = reinterpret_cast<const char*>(sqlite3_column_text(names, 0));
      sqlite3_finalize(names);
      run(database, std::string("INSERT INTO main.") + table + " (" + columns + ") SELECT " + columns +
                        " FROM present." + table);
    }
    run(database, "INSERT INTO attempt (stage_id, status, host) VALUES (1, 'running', 'node1')");
    sqlite3_close(database);
  }

  static void run(sqlite3* database, const std::string& sql) {
    if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
      throw std::runtime_error(sql + ": " + sqlite3_errmsg(database));
  }

  TemporaryFolder folder_;
  std::string old_ = folder_ / "results.sqlite";
};

const char* const kColumns =
    "SELECT group_concat(line, char(10)) FROM (SELECT t.name || '.' || c.cid || ' ' || c.name || ' ' || "
    "c.type || "
    "' ' || c.\"notnull\" || ' ' || coalesce(c.dflt_value, '-') || ' ' || c.pk AS line "
    "FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c "
    "WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid)";
const char* const kIndices =
    "SELECT group_concat(line, char(10)) FROM (SELECT name || ' ' || coalesce(sql, '-') AS line "
    "FROM sqlite_master WHERE type IN ('index', 'view') ORDER BY name)";

TEST_F(Migration, an_old_database_becomes_like_a_new_one_and_keeps_its_rows) {
  const std::string rows =
      "SELECT (SELECT count(*) FROM evidence) || ' ' || (SELECT count(*) FROM cost) || ' ' || "
      "(SELECT count(*) FROM attempt) || ' ' || (SELECT total(value) FROM score)";
  const std::string before = query(Store::open_read_only(old_), rows);
  EXPECT_THAT(before, HasSubstr("120 "));
  const Store fresh = Store::open(folder_ / "fresh.sqlite");
  {
    const Store store = Store::open(old_);
    EXPECT_EQ(query(store, "PRAGMA user_version"), "2");
    EXPECT_EQ(query(store, kColumns), query(fresh, kColumns));
    EXPECT_EQ(query(store, kIndices), query(fresh, kIndices));
    EXPECT_EQ(query(store, rows), before);
    EXPECT_EQ(query(store, "SELECT count(*) FROM attempt WHERE status = 'running'"), "0");
    EXPECT_EQ(query(store, "SELECT status || ': ' || error FROM attempt WHERE host = 'node1'"),
              "interrupted: the process was killed");
    EXPECT_EQ(query(store, "SELECT count(*) FROM pragma_foreign_key_check"), "0");
    EXPECT_EQ(query(store, "PRAGMA integrity_check"), "ok");
  }
  const std::string after = canonical_dump(Store::open_read_only(old_));
  EXPECT_EQ(canonical_dump(Store::open(old_)), after);
}

TEST_F(Migration, an_old_database_can_be_read_as_it_is) {
  const Store store = Store::open_read_only(old_);
  EXPECT_EQ(query(store, "PRAGMA user_version"), "1");
  const auto old = build_tables(store, "small");
  const auto present = build_tables(Store::open_read_only(folder_ / "present.sqlite"), "small");
  ASSERT_EQ(old.size(), 1u);
  EXPECT_EQ(render(old[0], TableFormat::kText), render(present[0], TableFormat::kText));
  EXPECT_EQ(store.evaluations().size(), 5u);
  EXPECT_EQ(store.evidence(store.evaluations()[0].identity).size(), 24u);
  const auto rows = count_rows(store.handle());
  EXPECT_EQ(rows.at("evidence"), 120);
  EXPECT_FALSE(rows.contains("journal"));  // came with version 2
}

// What is stored stands: it was first, and no journal tells of it.
TEST_F(Migration, journals_go_on_from_it) {
  OutputFolder output(folder_.path());
  output.put_sweep(small_sweep({{"base", 0}, {"sft", 0}, {"sft", 2}}));
  const auto stage = small_stages("sft", 0)[0];
  output.put_journal("sft", 0, 1,
                     JournalText(400'000'000)
                         .add(small_attempt("sft", 0, 1))
                         .add(small_stage_end(stage, 60), StageEnd::kFound)
                         .add(EvaluationFound{small_evaluation("sft0").identity})
                         .add(AttemptEnd{"complete", "", {}})
                         .text());
  EXPECT_THAT(output.take_in().problems, testing::IsEmpty());
  const Store store = output.store();
  EXPECT_EQ(query(store, "SELECT count(*) FROM attempt WHERE found"), "0");
  EXPECT_EQ(query(store, "SELECT count(*) FROM runs WHERE sweep = 'small'"), "3");
  EXPECT_EQ(query(store, "SELECT count(*) FROM run"), "6");
  EXPECT_EQ(query(store, "SELECT count(*) FROM evaluation"), "5");
}

}  // namespace
}  // namespace umm::results
