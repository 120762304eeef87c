// What phases took, from journals to sums.
#include <gmock/gmock.h>

#include "tests/results/small_output.h"

namespace umm::results {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST(Costs, what_is_unknown_of_a_cost_is_null) {
  const TemporaryFolder folder;
  const OutputFolder output(folder.path());
  const StageRow sft = small_stages("sft", 0)[0];
  const std::string whole =
      "SELECT group_concat(coalesce(energy_joules, '-') || ' ' || coalesce(tokens, '-') || ' ' || "
      "coalesce(model_flops, '-') || ' ' || judge_calls || ' ' || judge_tokens_in || ' ' || "
      "judge_tokens_out, '; ') FROM ";
  StageEnd stage = small_stage_end(sft, 60);  // loading and training
  CostRow& train = stage.costs[1];
  train.energy_joules = 1500.5;
  train.tokens = 2048;
  train.model_flops = 1e15;
  train.judge_calls = 3;
  train.judge_tokens_in = 40;
  train.judge_tokens_out = 5;
  output.put_sweep(small_sweep({{"sft", 0}, {"sft", 1}}));
  output.put_journal("sft", 0, 1,
                     JournalText()
                         .add(small_attempt("sft", 0, 1))
                         .add(StageBegin{sft.identity, "cpu: test", 0})
                         .add(stage)
                         .text());
  EXPECT_THAT(output.take_in().problems, IsEmpty());
  EXPECT_EQ(query(output.store(), whole + "(SELECT * FROM cost ORDER BY phase)"),
            "- - - 0 0 0; 1500.5 2048 1.0e+15 3 40 5");
  EXPECT_EQ(query(output.store(), whole + "(SELECT * FROM sweep_costs ORDER BY phase)"),
            "- - - 0 0 0; 1500.5 2048 1.0e+15 3 40 5");
  // Nor is a sum known where a part is not.
  const StageRow another = small_stages("sft", 1)[0];
  output.put_journal("sft", 1, 1,
                     JournalText()
                         .add(small_attempt("sft", 1, 1))
                         .add(StageBegin{another.identity, "cpu: test", 0})
                         .add(small_stage_end(another, 60))
                         .text());
  EXPECT_THAT(output.take_in().problems, IsEmpty());
  EXPECT_EQ(query(output.store(), whole + "(SELECT * FROM sweep_costs ORDER BY phase)"),
            "- - - 0 0 0; - - - 3 40 5");
  EXPECT_EQ(output.dump(), output.dump_of_new());
}

// As programs wrote them before energy and judges were recorded.
TEST(Costs, costs_of_older_journals_can_be_read) {
  const auto stage = from_payload<StageEnd>(
      R"({"stage": "s", "totals": {"micro_iterations": 1, "updates": 1, "images_seen": 1}, "curves": [], )"
      R"("costs": [{"phase": "train", "device_seconds": 2, "device_name": "cpu", "num_devices": 1, )"
      R"("peak_host_bytes": 3, "peak_device_bytes": 0, "images": 4}]})");
  ASSERT_EQ(stage.costs.size(), 1u);
  EXPECT_EQ(stage.costs[0].images, 4);
  EXPECT_FALSE(stage.costs[0].energy_joules.has_value());
  EXPECT_FALSE(stage.costs[0].tokens.has_value());
  EXPECT_FALSE(stage.costs[0].model_flops.has_value());
  EXPECT_EQ(stage.costs[0].judge_calls, 0);
  // A field that nothing is known for is not written either.
  EXPECT_THAT(to_payload(stage), testing::Not(testing::AnyOf(HasSubstr("energy"), HasSubstr("judge"))));
}

}  // namespace
}  // namespace umm::results
