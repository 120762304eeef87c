// The views that answer a paper's questions, on the small database that can be checked by hand.
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <regex>

#include "results/database.h"
#include "results/describe.h"
#include "results/failure_signature.h"
#include "results/store.h"
#include "tests/results/small_database.h"

namespace umm::results {
namespace {

class Views : public testing::Test {
 protected:
  std::string ask(const std::string& sql) const { return query(store_, sql); }

  // A label that trains ten hours and is no better than SFT.
  void put_slow_run() {
    const RunRow run = small_run("slow", 0);
    const StageRow stage{identity_of("stage slow"), "slow", "slow", "updates = 100"};
    store_.put_run(run, {stage});
    store_.finish_attempt(store_.begin_attempt({stage.identity}), {200, 100, 4800},
                          {small_cost("train", 36000)}, {});
    store_.put_evaluation(run.identity, small_evaluation("slow0"), small_items(), small_evidence({6, 3, 1}),
                          small_scores({6, 3, 1}), {});
  }

  TemporaryFolder folder_;
  Store store_ = open_small_database(folder_);
};

TEST_F(Views, scores_by_seed_averages_seeds_and_keeps_them) {
  EXPECT_EQ(ask("SELECT printf('%d %d %.4f %.4f %.4f %.4f', seeds, planned_seeds, mean, standard_deviation, "
                "low, high) FROM scores_by_seed WHERE label = 'sft' AND name = 'overall'"),
            "2 2 0.4167 0.0589 0.3750 0.4583");
  EXPECT_EQ(ask("SELECT json_extract(by_seed, '$.\"1\"') "
                "FROM scores_by_seed WHERE label = 'sft' AND name = 'counting'"),
            "0.25");
  EXPECT_EQ(ask("SELECT standard_deviation IS NULL AND seeds = 1 FROM scores_by_seed WHERE label = 'base' "
                "AND name = 'overall'"),
            "1");
  store_.put_run(small_run("sft", 2), small_stages("sft", 2));
  EXPECT_EQ(ask("SELECT seeds || '/' || planned_seeds FROM scores_by_seed WHERE label = 'sft' LIMIT 1"),
            "2/3");
}

TEST_F(Views, scores_by_seed_are_called_by_what_is_averaged_over) {
  for (const char* order : {"0", "1"}) {
    RunRow run = small_run("two", 7);
    run.identity = identity_of(std::string("two ") + order);
    run.axes["order"] = order;
    run.replicate_axes = {"seed", "order"};
    store_.put_run(run, {});
    store_.put_evaluation(run.identity, small_evaluation(std::string("two") + order), small_items(),
                          small_evidence({4, 4, 4}), small_scores({4, 4, 4}), {});
  }
  EXPECT_EQ(ask("SELECT by_seed FROM scores_by_seed WHERE label = 'two' AND name = 'overall'"),
            R"({"7, 0":0.5,"7, 1":0.5})");
}

TEST_F(Views, scores_by_seed_counts_a_shared_evaluation_once) {
  store_.put_run(small_run("base", 1), {});
  store_.link_evaluation(small_run("base", 1).identity, small_evaluation("base0").identity);
  EXPECT_EQ(ask("SELECT seeds || ' ' || planned_seeds FROM scores_by_seed WHERE label = 'base' LIMIT 1"),
            "1 2");
}

TEST_F(Views, scores_by_seed_expects_one_benchmark_of_a_run_from_elsewhere) {
  for (const char* benchmark : {"geneval", "dpg"}) {
    RunRow run = small_run("theirs", 0);
    run.identity = identity_of(std::string("theirs ") + benchmark);
    run.architecture = "external";
    store_.put_run(run, {});
    EvaluationRow evaluation = small_evaluation(std::string("theirs ") + benchmark);
    evaluation.benchmark = benchmark;
    store_.put_evaluation(run.identity, evaluation, small_items(), small_evidence({4, 4, 4}),
                          small_scores({4, 4, 4}), {});
  }
  EXPECT_EQ(ask("SELECT group_concat(DISTINCT seeds || ' of ' || planned_seeds) FROM scores_by_seed "
                "WHERE label = 'theirs'"),
            "1 of 1");
}

TEST_F(Views, run_pairs_differ_in_one_axis_and_never_in_the_seed) {
  EXPECT_EQ(
      ask("SELECT group_concat(a || '-' || b || seed, ' ') FROM (SELECT label_a AS a, label_b AS b, seed "
          "FROM run_pairs WHERE label_a < label_b ORDER BY 1, 2, 3)"),
      "base-reca0 base-sft0 reca-sft0 reca-sft1");
  EXPECT_EQ(ask("SELECT count(*) FROM run_pairs"), "8");
  EXPECT_EQ(ask("SELECT DISTINCT axis FROM run_pairs"), "method");
  RunRow far = small_run("reca", 5);
  far.axes = {{"method", "reca"}, {"lr", "1"}, {"seed", "5"}};
  RunRow near = small_run("sft", 5);
  near.axes = {{"method", "sft"}, {"lr", "2"}, {"seed", "5"}};
  store_.put_run(far, small_stages("reca", 5));
  store_.put_run(near, small_stages("sft", 5));
  EXPECT_EQ(ask("SELECT count(*) FROM run_pairs WHERE seed = 5"), "0") << "two axes differ";
}

TEST_F(Views, a_reference_without_a_seed_pairs_with_each) {
  RunRow base = small_run("base", 0);
  base.axes.clear();
  store_.put_run(base, {});
  EXPECT_EQ(ask("SELECT group_concat(label_b || seed, ' ') FROM (SELECT * FROM run_pairs "
                "WHERE label_a = 'base' ORDER BY label_b, seed)"),
            "reca0 reca1 sft0 sft1");
  EXPECT_EQ(ask("SELECT count(*) FROM run_pairs WHERE label_a = 'base' AND axis IS NULL"), "4");
}

TEST_F(Views, paired_items_hold_the_same_prompt_picture_and_protocol_against_each_other) {
  const std::string reca_sft = " FROM paired_items WHERE label_a = 'reca' AND label_b = 'sft'";
  EXPECT_EQ(ask("SELECT count(*) || ' ' || sum(difference)" + reca_sft), "48 22.0");
  EXPECT_EQ(ask("SELECT sum(difference)" + reca_sft + " AND seed = 0"), "8.0");
  EXPECT_EQ(
      ask("SELECT sum(value_a) || ' ' || sum(value_b)" + reca_sft + " AND seed = 1 AND tag = 'counting'"),
      "8.0 2.0");
  EXPECT_EQ(ask("SELECT sum(difference) FROM paired_items WHERE label_a = 'sft' AND label_b = 'reca'"),
            "-22.0");
  // Another protocol pairs with nothing; other weights of a trained run neither.
  store_.put_evaluation(small_run("reca", 0).identity, small_evaluation("reca0", "otherprotocol"),
                        small_items(), small_evidence({8, 8, 8}), small_scores({8, 8, 8}), {});
  EvaluationRow ema = small_evaluation("reca0 ema");
  ema.weights = "ema";
  store_.put_evaluation(small_run("reca", 0).identity, ema, small_items(), small_evidence({8, 8, 8}),
                        small_scores({8, 8, 8}), {});
  EXPECT_EQ(ask("SELECT count(*)" + reca_sft), "48");
  execute(store_.handle(), "UPDATE evaluation SET weights = 'base' WHERE id = 1", "preparing a test");
  // A reference pairs with both, and the rows say with which.
  EXPECT_EQ(
      ask("SELECT group_concat(weights || '-' || weights_b || ' ' || rows, ', ') FROM (SELECT weights, "
          "weights_b, count(*) AS rows FROM paired_items WHERE label_a = 'base' AND label_b = 'reca' AND "
          "seed = 0 AND sampling_text = sampling_text_b GROUP BY 1, 2)"),
      "base-ema 24, base-last 24");
}

TEST_F(Views, paired_items_are_found_by_whole_keys) {
  Statement plan(store_.handle(),
                 "EXPLAIN QUERY PLAN SELECT * FROM paired_items WHERE label_a = 'reca' AND label_b = 'sft'");
  std::string steps;
  while (plan.step()) steps += plan.text(3) + "\n";
  EXPECT_THAT(steps, testing::ContainsRegex("SEARCH asked_b .*\\(evaluation_id=\\? AND prompt_id=\\?\\)"));
  EXPECT_THAT(steps, testing::HasSubstr("SEARCH seen_b USING PRIMARY KEY (item_row_id=? AND image_index=?)"));
}

TEST_F(Views, pareto_has_what_nothing_beats) {
  put_slow_run();
  EXPECT_EQ(ask("SELECT group_concat(label || ' ' || printf('%.1f', train_device_hours), ', ') FROM "
                "(SELECT * FROM pareto WHERE name = 'overall' ORDER BY train_device_hours)"),
            "base 0.0, sft 1.0, reca 3.0");
  EXPECT_EQ(
      ask("SELECT printf('%d %.3f', seeds, score) FROM pareto WHERE name = 'overall' AND label = 'reca'"),
      "2 0.875");
}

TEST_F(Views, failures_name_error_tries_and_waste) {
  EXPECT_EQ(ask("SELECT group_concat(label || seed || ' ' || status || ': ' || error || ', ' || attempts || "
                "' tries, ' || failed || ' failed, ' || wasted_device_hours, '; ') FROM "
                "(SELECT * FROM failures ORDER BY position)"),
            "sft0 complete: loss is not finite, 2 tries, 1 failed, 0.1; "
            "reca0 complete: loss is not finite, 3 tries, 1 failed, 0.1");
  EXPECT_EQ(
      ask("SELECT DISTINCT typeof(attempts) || ' ' || typeof(failed) || ' ' || typeof(interrupted) FROM "
          "failures"),
      "integer integer integer");
  store_.fail_run(small_run("reca", 1).identity, "out of memory");
  EXPECT_EQ(ask("SELECT status || ' ' || error FROM failures WHERE label = 'reca' AND seed = 1"),
            "failed out of memory");
  EXPECT_EQ(ask("SELECT DISTINCT signature FROM failures WHERE error = 'loss is not finite'"),
            failure_signature("loss is not finite"));
  EXPECT_EQ(ask("SELECT signature FROM failures WHERE label = 'reca' AND seed = 1"),
            failure_signature("out of memory"));
}

// The comments are the manual: each table, view and column has one, and they are those of the database.
TEST_F(Views, everything_is_described) {
  std::string described, found;
  for (const auto& table : describe_schema()) {
    EXPECT_GT(table.comment.size(), 10u) << table.name;
    for (const auto& column : table.columns) {
      EXPECT_FALSE(column.comment.empty()) << table.name << "." << column.name;
      EXPECT_EQ(column.type.empty(), table.view) << table.name << "." << column.name;
      described += table.name + "." + column.name + "\n";
    }
  }
  Statement columns(
      store_.handle(),
      "SELECT t.name || '.' || c.name FROM pragma_table_list AS t JOIN pragma_table_xinfo(t.name) AS c "
      "JOIN sqlite_schema AS s ON s.name = t.name "
      "WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite_%' ORDER BY s.rowid, c.cid");
  while (columns.step()) found += columns.text(0) + "\n";
  EXPECT_EQ(described, found);
  EXPECT_THAT(render_schema({"failures"}, false),
              testing::HasSubstr("wasted_device_hours  device-hours that"));
  EXPECT_THAT(error_of([] { render_schema({"nothing"}, false); }),
              testing::HasSubstr("there are: sweep run "));
}

TEST_F(Views, readme_names_every_view) {
  std::ifstream in(UMM_SOURCE_DIR "/results/README.md");
  const std::string readme(std::istreambuf_iterator<char>(in), {});
  for (const auto& table : describe_schema())
    EXPECT_THAT(readme, testing::HasSubstr("`" + table.name + "`")) << "results/README.md";
}

}  // namespace
}  // namespace umm::results
