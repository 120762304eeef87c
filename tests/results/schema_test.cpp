// The schema and its views through plain SQL, and the README's queries.
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "results/store.h"
#include "tests/results/small_database.h"

namespace umm::results {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

class Schema : public testing::Test {
 protected:
  TemporaryFolder folder_;
  Store store_ = open_small_database(folder_);
};

TEST_F(Schema, is_strict_and_marked_as_ours) {
  EXPECT_EQ(query(store_, "PRAGMA user_version"), "4");
  EXPECT_EQ(query(store_, "PRAGMA application_id"), std::to_string(0x554D4D42));
  EXPECT_EQ(query(store_, "PRAGMA foreign_keys"), "1");
  EXPECT_EQ(query(store_, "PRAGMA journal_mode"), "delete");
  EXPECT_EQ(query(store_, "PRAGMA synchronous"), "2");
  EXPECT_EQ(query(store_,
                  "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
                  "AND name NOT LIKE 'sqlite_%' AND NOT strict"),
            "0");
}

TEST_F(Schema, every_column_has_a_comment) {
  std::istringstream schema(read_file(UMM_SOURCE_DIR "/results/schema.sql"));
  std::regex column("^  [a-z][a-z0-9_]* +(INTEGER|REAL|TEXT|BLOB)\\b.*"), comment("^ *--.*|.*-- .*");
  int columns = 0;
  std::string waiting;
  for (std::string line; std::getline(schema, line);) {
    EXPECT_TRUE(waiting.empty() || std::regex_match(line, comment)) << waiting;
    waiting.clear();
    if (!std::regex_match(line, column)) continue;
    ++columns;
    if (line.find("--") == std::string::npos) waiting = line;
  }
  EXPECT_EQ(std::to_string(columns), query(store_,
                                           "SELECT count(*) FROM pragma_table_list AS t "
                                           "JOIN pragma_table_info(t.name) WHERE t.schema = 'main' "
                                           "AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%'"));
}

TEST_F(Schema, joins_use_indices) {
  for (const char* join :
       {"run CROSS JOIN sweep_run ON sweep_run.run_id = run.id",
        "stage CROSS JOIN run_stage ON run_stage.stage_id = stage.id",
        "stage CROSS JOIN attempt ON attempt.stage_id = stage.id",
        "attempt CROSS JOIN cost ON cost.attempt_id = attempt.id",
        "evaluation CROSS JOIN cost ON cost.evaluation_id = evaluation.id",
        "evaluation CROSS JOIN run_evaluation ON run_evaluation.evaluation_id = evaluation.id",
        "evaluation CROSS JOIN item ON item.evaluation_id = evaluation.id",
        "item CROSS JOIN evidence ON evidence.item_row_id = item.id"}) {
    sqlite3_stmt* plan = nullptr;
    std::string sql = std::string("EXPLAIN QUERY PLAN SELECT * FROM ") + join;
    ASSERT_EQ(sqlite3_prepare_v2(store_.handle(), sql.c_str(), -1, &plan, nullptr), SQLITE_OK) << join;
    std::vector<std::string> steps;
    while (sqlite3_step(plan) == SQLITE_ROW)
      steps.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(plan, 3)));
    sqlite3_finalize(plan);
    ASSERT_GT(steps.size(), 1u) << join;
    EXPECT_THAT(steps[0], testing::StartsWith("SCAN ")) << join;
    steps.erase(steps.begin());
    EXPECT_THAT(steps, testing::Each(testing::Not(testing::StartsWith("SCAN ")))) << join;
  }
}

TEST_F(Schema, runs_view) {
  EXPECT_EQ(query(store_,
                  "SELECT group_concat(label || seed || ':' || status, ' ') FROM "
                  "(SELECT * FROM runs WHERE sweep = 'small' ORDER BY position)"),
            "base0:complete sft0:complete sft1:complete reca0:complete reca1:complete");
  EXPECT_EQ(query(store_,
                  "SELECT updates || ' ' || images_seen || ' ' || micro_iterations FROM runs "
                  "WHERE label = 'reca' AND seed = 1"),
            "200 9600 400");
  EXPECT_EQ(query(store_, "SELECT updates FROM runs WHERE reference"), "0");
  store_.put_run(small_run("sft", 9), small_stages("sft", 9));
  EXPECT_EQ(query(store_, "SELECT status FROM runs WHERE seed = 9"), "untrained");
  store_.put_run(small_run("base", 9), {});
  EXPECT_EQ(query(store_, "SELECT status FROM runs WHERE reference AND seed = 9"), "unevaluated");
}

TEST_F(Schema, scores_view) {
  EXPECT_EQ(query(store_, "SELECT value FROM scores WHERE label = 'reca' AND seed = 0 AND name = 'counting'"),
            "0.75");
  EXPECT_EQ(query(store_, "SELECT count(*) FROM scores WHERE name = 'overall' AND benchmark = 'geneval'"),
            "5");
}

TEST_F(Schema, costs_of_a_shared_stage_show_in_each_run_and_count_once) {
  std::string of_run =
      "SELECT printf('%.3f %.3f %.3f', train_device_hours, eval_device_hours, wasted_device_hours) "
      "FROM costs WHERE sweep = 'small' AND label || seed = ";
  EXPECT_EQ(query(store_, of_run + "'base0'"), "0.000 0.550 0.000");
  EXPECT_EQ(query(store_, of_run + "'sft0'"), "1.000 0.550 0.100");
  EXPECT_EQ(query(store_, of_run + "'sft1'"), "1.000 0.550 0.000");
  EXPECT_EQ(query(store_, of_run + "'reca0'"), "3.000 0.550 0.100");
  EXPECT_EQ(query(store_,
                  "SELECT group_concat(kind || ' ' || phase || ' ' || printf('%.3f', device_hours), ', ') "
                  "FROM sweep_costs WHERE sweep = 'small'"),
            "eval generate 2.500, eval score 0.250, train train 6.000, wasted train 0.100");
}

TEST_F(Schema, readme_queries_have_answers) {
  std::string readme = read_file(UMM_SOURCE_DIR "/results/README.md");
  std::regex block("```sql\n([^`]*)```");
  put_second_sweep(store_);
  std::vector<std::string> first;
  for (std::sregex_iterator match(readme.begin(), readme.end(), block), end; match != end; ++match)
    first.push_back(query(store_, (*match)[1]));
  // Two sweeps are told apart, and a prompt without any score (a color_attr) is not among those that fail.
  EXPECT_THAT(first, testing::ElementsAre("again", "again", "single_object"));
}

}  // namespace
}  // namespace umm::results
