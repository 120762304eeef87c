// Questions and copies: what is answered, in which form, and what is refused.
#include "results/query.h"

#include <gmock/gmock.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <thread>

#include "results/database.h"
#include "results/export.h"
#include "results/run_folder.h"
#include "tests/results/small_database.h"

namespace umm::results {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class QueryTest : public testing::Test {
 protected:
  std::string answer(const std::string& sql, QueryFormat format = QueryFormat::kCsv) {
    std::string text;
    print_query(store_.handle(), sql, format, [&](std::string_view part) { text += part; });
    return text;
  }
  std::string mistake(const std::string& sql) {
    return error_of([&] { answer(sql); });
  }

  TemporaryFolder folder_;
  Store store_ = open_small_database(folder_);
};

const std::string kMixed = "SELECT 1 AS n, 0.5 AS r, 'a|b' AS \"t\", NULL AS missing, '' AS empty, 'x' AS t";

TEST_F(QueryTest, table_is_aligned) {
  EXPECT_EQ(
      answer("SELECT label, count(*) AS runs FROM runs GROUP BY label ORDER BY 2, 1", QueryFormat::kTable),
      "label  runs\n-----  ----\nbase      1\nreca      2\nsft       2\n");
  const std::string wide =
      answer("SELECT printf('%0200d', 1) AS n, 'é' || char(10) AS t", QueryFormat::kTable);
  EXPECT_THAT(wide, AllOf(HasSubstr("0000...  é\\n\n"), testing::SizeIs(testing::Lt(300))));
}

TEST_F(QueryTest, csv_tells_null_from_empty_text) {
  EXPECT_EQ(answer(kMixed), "n,r,t,missing,empty,t\n1,0.5,a|b,,\"\",x\n");
  EXPECT_EQ(answer("SELECT 'a,\"b\"' AS t"), "t\n\"a,\"\"b\"\"\"\n");
}

TEST_F(QueryTest, json_keeps_kinds_and_every_column) {
  const auto json = nlohmann::json::parse(answer(kMixed, QueryFormat::kJson));
  EXPECT_EQ(json,
            nlohmann::json::parse(R"([{"n":1,"r":0.5,"t":"a|b","missing":null,"empty":"","t:2":"x"}])"));
  EXPECT_EQ(answer("SELECT 1 WHERE 0", QueryFormat::kJson), "[]\n");
  EXPECT_EQ(nlohmann::json::parse(answer("SELECT label FROM runs", QueryFormat::kJson)).size(), 5u);
  EXPECT_EQ(nlohmann::json::parse(answer("SELECT 0.1 + 0.2 AS x", QueryFormat::kJson))[0]["x"], 0.1 + 0.2);
}

TEST_F(QueryTest, markdown_escapes_bars) {
  EXPECT_EQ(answer("SELECT 1 AS n, 'a|b' AS t", QueryFormat::kMarkdown),
            "| n | t |\n|---:|---|\n| 1 | a\\|b |\n");
}

TEST_F(QueryTest, mistakes_say_where) {
  EXPECT_THAT(mistake("SELECT label,\n  labell FROM runs"),
              AllOf(HasSubstr("no such column: labell"),
                    HasSubstr("line 2, column 3\n    labell FROM runs\n    ^"), HasSubstr("db schema")));
  EXPECT_THAT(mistake("SELEC 1"), HasSubstr("line 1, column 1"));
  EXPECT_THAT(mistake("SELECT 1; SELECT 2"), AllOf(HasSubstr("more than one"), HasSubstr("column 11")));
  EXPECT_THAT(mistake(" ; -- nothing"), HasSubstr("is empty"));
  EXPECT_THAT(mistake("SELECT ?"), HasSubstr("parameters"));
  EXPECT_EQ(answer("SELECT 1 AS one; -- and no more\n /* here */ ;"), "one\n1\n");
}

TEST_F(QueryTest, nothing_can_be_changed) {
  const std::string elsewhere = folder_ / "elsewhere";
  for (const std::string& sql :
       {std::string("DELETE FROM run"), std::string("UPDATE run SET seed = 1 RETURNING 1"),
        std::string("CREATE TEMP TABLE t (x)"), std::string("DROP VIEW runs"),
        "ATTACH '" + elsewhere + "' AS e", "VACUUM INTO '" + elsewhere + "'",
        std::string("PRAGMA user_version = 7"), std::string("PRAGMA application_id = 7"),
        std::string("PRAGMA query_only = OFF"), std::string("PRAGMA journal_mode = WAL"),
        std::string("BEGIN IMMEDIATE"), std::string("SELECT load_extension('x')"),
        std::string("EXPLAIN DELETE FROM run")})
    EXPECT_NE(mistake(sql), "") << sql;
  EXPECT_FALSE(std::filesystem::exists(elsewhere));
  EXPECT_EQ(answer("PRAGMA user_version"), "user_version\n" + std::to_string(kSchemaVersion) + "\n");
  EXPECT_THAT(answer("EXPLAIN QUERY PLAN SELECT * FROM run"), HasSubstr("SCAN run"));
  EXPECT_THAT(answer("SELECT name FROM pragma_table_info('run')"), HasSubstr("identity"));
  store_.put_sweep({"writes still work", "", "", ""});
}

TEST_F(QueryTest, exported_files_have_every_row_and_are_not_overwritten) {
  const std::filesystem::path folder = folder_ / "csv";
  const auto files = export_csv(store_.handle(), folder);
  EXPECT_GE(files.size(), 20u);
  EXPECT_FALSE(std::filesystem::exists(folder / "paired_items.csv"));
  EXPECT_EQ(read_from(folder / "scores.csv"), answer("SELECT * FROM scores"));
  EXPECT_THAT(error_of([&] { export_csv(store_.handle(), folder); }), HasSubstr("nothing is overwritten"));
  EXPECT_EQ(export_csv(store_.handle(), folder, {"paired_items"}).front().rows, 8 * 24);
  EXPECT_THAT(error_of([&] { export_csv(store_.handle(), folder, {"x"}); }),
              HasSubstr("no table or view \"x\""));
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    EXPECT_EQ(entry.path().extension(), ".csv") << entry.path();
}

TEST_F(QueryTest, an_export_that_fails_leaves_no_file) {
  const std::filesystem::path folder = folder_ / "half";
  execute(store_.handle(), "CREATE VIEW bad AS SELECT json(name || '{') FROM sweep", "preparing a test");
  EXPECT_THAT(error_of([&] { export_csv(store_.handle(), folder, {"run", "bad"}); }), HasSubstr("JSON"));
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST_F(QueryTest, numbers_of_csv_and_json_are_not_rounded) {
  EXPECT_EQ(answer("SELECT 0.1 + 0.2 AS a, 1.0 AS b, 1e300 AS c, -2.0 AS d, 3 AS e"),
            "a,b,c,d,e\n0.30000000000000004,1.0,1e+300,-2.0,3\n");
}

TEST_F(QueryTest, a_snapshot_is_of_one_moment_while_somebody_writes) {
  std::atomic<bool> stop = false;
  // Each transaction adds a sweep with one run: no moment has one without the other.
  std::jthread writer([&] {
    for (int i = 0; !stop && i < 2000; ++i) {
      Transaction transaction(store_.handle(), "writing");
      const std::string name = "s" + std::to_string(i);
      store_.put_sweep({name, "", "", ""});
      RunRow run = small_run(name, 0);
      run.sweep = name;
      store_.put_run(run, {});
      transaction.commit();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  });
  const Store reader = Store::open_read_only(folder_ / "results.sqlite");
  for (int i = 0; i < 2; ++i) {
    const std::string file = folder_ / ("copy" + std::to_string(i));
    EXPECT_GT(snapshot(reader.handle(), file), 0);
    const Store copy = Store::open_read_only(file);
    EXPECT_EQ(query(copy, "PRAGMA integrity_check"), "ok");
    EXPECT_EQ(query(copy, "SELECT (SELECT count(*) FROM sweep) - (SELECT count(*) FROM run)"), "-4");
  }
  stop = true;
  writer.join();
  EXPECT_THAT(error_of([&] { snapshot(reader.handle(), folder_ / "copy0"); }), HasSubstr("exists"));
  EXPECT_THAT(error_of([&] { snapshot(reader.handle(), folder_ / "no/such/folder"); }), HasSubstr("no/such"));
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
    EXPECT_EQ(entry.path().string().find("partial"), std::string::npos) << entry.path();
}

}  // namespace
}  // namespace umm::results
