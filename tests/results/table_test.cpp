#include "results/table.h"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "results/database.h"
#include "tests/results/small_database.h"

namespace umm::results {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class TableTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  Store store_ = open_small_database(folder_);
};

TEST_F(TableTest, rows_average_their_seeds) {
  std::vector<Table> tables = build_tables(store_, "small");
  ASSERT_EQ(tables.size(), 1u);
  const Table& table = tables[0];
  EXPECT_THAT(table.tags, ElementsAre("single_object", "counting", "color_attr"));
  EXPECT_EQ(table.num_prompts, 12);
  ASSERT_EQ(table.rows.size(), 3u);
  EXPECT_TRUE(table.rows[0].reference);
  const TableRow& reca = table.rows[2];
  EXPECT_EQ(reca.label, "reca");
  EXPECT_EQ(reca.num_seeds, 2);
  EXPECT_THAT(reca.tags, ElementsAre(1.0, 0.875, 0.75));
  EXPECT_DOUBLE_EQ(reca.overall, 0.875);
  ASSERT_TRUE(reca.interval);
  EXPECT_LT(reca.interval->low, 0.875);
  EXPECT_GT(reca.interval->high, 0.875);
  EXPECT_DOUBLE_EQ(reca.images_seen, 9600);
  EXPECT_DOUBLE_EQ(reca.updates, 200);
  EXPECT_DOUBLE_EQ(reca.train_device_hours, 3.0);
  EXPECT_DOUBLE_EQ(reca.eval_device_hours, 0.55);
  EXPECT_DOUBLE_EQ(reca.wasted_device_hours, 0.05);
}

TEST_F(TableTest, compares_each_row_with_each_earlier_one) {
  Table table = build_tables(store_, "small")[0];
  std::vector<std::string> pairs;
  for (const Comparison& comparison : table.comparisons) {
    pairs.push_back(comparison.a + " vs " + comparison.b);
    EXPECT_GE(comparison.corrected_p, comparison.p);
    EXPECT_LE(comparison.interval.low, comparison.difference);
    EXPECT_GE(comparison.interval.high, comparison.difference);
  }
  EXPECT_THAT(pairs, ElementsAre("sft vs base", "reca vs base", "reca vs sft"));
  EXPECT_NEAR(table.comparisons[1].difference, 0.875 - 7.0 / 24, 1e-12);
  EXPECT_LT(table.comparisons[1].corrected_p, 0.05);
}

// An evaluation that is made again, as by another build, prints the same; but a row of equal scores is no
// copy.
TEST_F(TableTest, draws_follow_from_the_scores) {
  store_.put_run(small_run("again", 0), small_stages("again", 0));
  store_.put_evaluation(small_run("again", 0).identity, small_evaluation("again0"), small_items(),
                        small_evidence({4, 2, 1}), small_scores({4, 2, 1}), {});
  const Table table = build_tables(store_, "small")[0];
  const TableRow &base = table.rows[0], &again = table.rows[3];
  ASSERT_EQ(base.overall, again.overall);
  EXPECT_EQ(base.interval->low, again.interval->low);
  EXPECT_EQ(base.interval->high, again.interval->high);
  const Comparison& comparison = table.comparisons[3];
  ASSERT_EQ(comparison.a + comparison.b, "againbase");
  EXPECT_LT(comparison.interval.low, -0.05);
  EXPECT_GT(comparison.interval.high, 0.05);
}

// Nothing could be looked at, and a judge was asked all the same: what that cost is stored.
TEST_F(TableTest, an_evaluation_without_any_evidence_is_partial) {
  store_.put_run(small_run("none", 0), small_stages("none", 0));
  store_.put_evaluation(small_run("none", 0).identity, small_evaluation("none0"), small_items(), {}, {}, {});
  EXPECT_EQ(build_tables(store_, "small")[0].rows.size(), 3u);
}

// The files beside the test are what a reader sees; look at them when they change.
TEST_F(TableTest, looks_as_expected) {
  Table table = build_tables(store_, "small")[0];
  for (auto [format, name] :
       {std::pair(TableFormat::kText, "small_table.txt"), std::pair(TableFormat::kMarkdown, "small_table.md"),
        std::pair(TableFormat::kCsv, "small_table.csv")}) {
    std::ifstream file(std::string(UMM_SOURCE_DIR "/tests/results/golden/") + name);
    std::stringstream expected;
    expected << file.rdbuf();
    EXPECT_EQ(render(table, format), expected.str()) << name;
  }
}

TEST_F(TableTest, two_calls_print_the_same) {
  EXPECT_EQ(render(build_tables(store_, "small")[0], TableFormat::kText),
            render(build_tables(store_, "small")[0], TableFormat::kText));
}

TEST_F(TableTest, protocols_never_share_a_table) {
  store_.put_evaluation(small_run("reca", 0).identity, small_evaluation("reca0", "ffff00001111"),
                        small_items(), small_evidence({1, 1, 1}), small_scores({1, 1, 1}), {});
  std::vector<Table> tables = build_tables(store_, "small");
  ASSERT_EQ(tables.size(), 2u);
  ASSERT_EQ(tables[1].rows.size(), 1u);
  EXPECT_DOUBLE_EQ(tables[1].rows[0].overall, 0.125);
  EXPECT_THAT(tables[1].comparisons, IsEmpty());
  EXPECT_THAT(render(tables[1], TableFormat::kText), HasSubstr("Protocol ffff00001111"));
  EXPECT_DOUBLE_EQ(tables[0].rows[2].overall, 0.875);
}

TEST_F(TableTest, weights_and_samplers_of_one_label_are_told_apart) {
  EvaluationRow ema = small_evaluation("reca0 ema"), guided = small_evaluation("sft0 guided");
  ema.weights = "ema";
  guided.sampling_text = "guidance_scale = 2";
  store_.put_evaluation(small_run("reca", 0).identity, ema, small_items(), small_evidence({1, 1, 1}), {}, {});
  store_.put_evaluation(small_run("sft", 0).identity, guided, small_items(), small_evidence({1, 1, 1}), {},
                        {});
  Table table = build_tables(store_, "small")[0];
  std::vector<std::string> labels;
  for (const TableRow& row : table.rows) labels.push_back(row.label);
  EXPECT_THAT(labels,
              ElementsAre("base", "sft (sampling 1)", "sft (sampling 2)", "reca (last)", "reca (ema)"));
  ASSERT_EQ(table.samplings.size(), 2u);
  EXPECT_EQ(table.samplings[1].first, "sft (sampling 2)");
}

TEST_F(TableTest, seeds_of_untrained_weights_are_one_replicate) {
  store_.put_run(small_run("base", 1), {});
  store_.link_evaluation(small_run("base", 1).identity, small_evaluation("base0").identity);
  EXPECT_EQ(build_tables(store_, "small")[0].rows[0].num_seeds, 1);
}

TEST_F(TableTest, a_stored_score_that_its_evidence_contradicts_is_noted) {
  store_.put_run(small_run("sft", 2), small_stages("sft", 2));
  store_.put_evaluation(small_run("sft", 2).identity, small_evaluation("sft2"), small_items(),
                        small_evidence({4, 4, 4}), small_scores({4, 4, 5}), {});
  Table table = build_tables(store_, "small")[0];
  EXPECT_THAT(table.notes, testing::Contains(HasSubstr("sft, seed 2: stored overall is 0.541667")));
  EXPECT_FALSE(table.rows[1].interval);
  EXPECT_THAT(render(table, TableFormat::kText), HasSubstr("0.458 [\u2013]"));
  EXPECT_THAT(render(table, TableFormat::kCsv), HasSubstr(",0.4583333333333333,,,3200,"));
}

TEST_F(TableTest, different_prompts_under_one_protocol_are_refused) {
  std::vector<ItemRow> items = small_items();
  std::vector<EvidenceRow> evidence = small_evidence({4, 4, 4});
  items.pop_back();
  evidence.resize(evidence.size() - 2);
  store_.put_evaluation(small_run("sft", 0).identity, small_evaluation("short"), items, evidence, {}, {});
  EXPECT_THAT(error_of([&] { build_tables(store_, "small"); }), HasSubstr("cannot share a table"));
}

// What forged or edited databases look like.
TEST_F(TableTest, one_hash_for_two_protocols_is_refused) {
  Statement(store_.handle(),
            "UPDATE evaluation SET protocol_text = 'images_per_prompt = 3' WHERE weights = 'last' AND id = 3")
      .run();
  EXPECT_THAT(error_of([&] { build_tables(store_, "small"); }),
              testing::AllOf(HasSubstr("have one protocol hash, aaaabbbbcccc"),
                             HasSubstr("`images_per_prompt` is 2 in one and 3 in the other")));
}

// The hash has what is in a file, and of a model its name alone.
TEST_F(TableTest, one_hash_goes_with_other_paths_and_not_with_other_models) {
  const auto refusal = [&](const std::string& table, const std::string& option, const std::string& first,
                           const std::string& second) {
    for (const auto& [value, which] : {std::pair(first, "id <> 3"), std::pair(second, "id = 3")}) {
      const std::string text = "{\"" + table + "\": {\"" + option + "\": \"" + value + "\"}}";
      Statement(store_.handle(), std::string("UPDATE evaluation SET protocol_text = ? WHERE ") + which)
          .bind(text)
          .run();
    }
    return error_of([&] { build_tables(store_, "small"); });
  };
  EXPECT_THAT(refusal("judge_options", "model", "Qwen/Qwen2.5-VL-72B", "OpenGVLab/InternVL3"),
              HasSubstr("`judge_options.model` is Qwen/Qwen2.5-VL-72B in one and OpenGVLab/InternVL3"));
  EXPECT_EQ(refusal("evaluator_options", "pictures", "published/pictures", "/data/gedit"), "");
  EXPECT_EQ(refusal("detector_options", "weights", "a/owl.bin", "/b/owl.bin"), "");
  EXPECT_THAT(refusal("detector_options", "weights", "a/owl.bin", "a/other.bin"), HasSubstr("a/other.bin"));
}

TEST_F(TableTest, unknown_sweeps_and_unfinished_runs_are_named) {
  EXPECT_THAT(error_of([&] { build_tables(store_, "smal"); }), HasSubstr("the database has: small"));
  EXPECT_THAT(unfinished_runs(store_, "small"), IsEmpty());
  store_.put_run(small_run("sft", 3), small_stages("sft", 3));
  store_.fail_run(small_run("sft", 1).identity, "loss is not finite");
  EXPECT_THAT(
      unfinished_runs(store_, "small"),
      ElementsAre("not all evaluated: sft, seed 1: failed: loss is not finite; so far there is geneval",
                  "not in the table: sft, seed 3: untrained"));
  store_.put_sweep({"empty", "", "", ""});
  EXPECT_THAT(build_tables(store_, "empty"), IsEmpty());
}

TEST(Table, text_with_separators_is_quoted) {
  Table table;
  table.tags = {"a,b"};
  TableRow row;
  row.label = "x|\"y\"";
  row.tags = {0.5};
  table.rows = {row};
  EXPECT_THAT(render(table, TableFormat::kCsv), HasSubstr(",\"a,b\","));
  EXPECT_THAT(render(table, TableFormat::kCsv), HasSubstr("\"x|\"\"y\"\"\""));
  EXPECT_THAT(render(table, TableFormat::kMarkdown), HasSubstr("| x\\|\"y\" |"));
  table.rows[0].label = "x\ny";
  EXPECT_THAT(render(table, TableFormat::kText), HasSubstr("\nx y "));
  EXPECT_THAT(render(table, TableFormat::kMarkdown), HasSubstr("| x y |"));
}

}  // namespace
}  // namespace umm::results
