// Whatever the order and the pieces in which journals come, the database says the same.
#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "tests/results/small_output.h"

namespace umm::results {
namespace {

using testing::IsEmpty;

std::string dump_of(const TemporaryFolder& folder, const OutputFolder& output) {
  EXPECT_THAT(output.take_in().problems, IsEmpty()) << folder.path();
  return output.dump();
}

// As small_output, in one pass.
std::string expected_dump() {
  const TemporaryFolder folder;
  return dump_of(folder, small_output(folder));
}

TEST(IngestOrder, taking_in_again_changes_nothing) {
  const TemporaryFolder folder;
  const OutputFolder output = small_output(folder);
  const std::string first = dump_of(folder, output);
  EXPECT_NE(first.find("evaluation: "), std::string::npos);
  for (int time = 0; time < 2; ++time) EXPECT_EQ(output.take_in().frames, 0);
  EXPECT_EQ(output.dump(), first);
  EXPECT_EQ(output.dump_of_new(), first);
}

TEST(IngestOrder, a_journal_may_be_cut_anywhere) {
  const std::string expected = expected_dump();
  for (const auto& grown : small_journals()) {
    const TemporaryFolder folder;
    OutputFolder output = small_output(folder);
    std::filesystem::remove(journal_file(output.attempt(grown.label, grown.seed, grown.number)));
    output.revive(grown.label, grown.seed, grown.number);
    Ingester ingester = output.ingester();
    const std::string& text = grown.text.text();
    for (size_t size = 0; size < text.size(); ++size) {
      output.grow_journal(grown, size);
      ingester.take_in();
      // A pass over the whole folder each time is for small journals; in large frames a few cuts tell all.
      const auto next = *std::upper_bound(grown.text.ends().begin(), grown.text.ends().end(), size);
      if (next - size > 300) size += 200;
    }
    output.grow_journal(grown, text.size());
    ingester.take_in();
    output.bury(grown.label, grown.seed, grown.number);
    EXPECT_THAT(ingester.take_in().problems, IsEmpty());
    EXPECT_EQ(output.dump(), expected) << grown.label << grown.number;
  }
}

TEST(IngestOrder, databases_made_of_the_same_files_are_equal_to_the_byte) {
  const TemporaryFolder folder;
  const OutputFolder output = small_output(folder);
  output.take_in();
  const std::string first = read_from(database_file(folder.path()));
  std::filesystem::remove(database_file(folder.path()));
  output.take_in();
  EXPECT_TRUE(read_from(database_file(folder.path())) == first);
}

// All of them grow at once, each by pieces of any size, with other processes taking in between.
TEST(IngestOrder, journals_may_grow_in_any_order) {
  const std::string expected = expected_dump();
  std::mt19937_64 random(20261128);
  for (int round = 0; round < 12; ++round) {
    const TemporaryFolder folder;
    OutputFolder output(folder.path());
    const auto whole = small_journals();
    std::vector<size_t> sizes(whole.size(), 0);
    for (const auto& journal : whole) output.revive(journal.label, journal.seed, journal.number);
    const auto is_over = [&](size_t i) { return sizes[i] == whole[i].text.text().size(); };
    size_t over = 0;
    for (int step = 0; over < whole.size(); ++step) {
      const size_t i = random() % whole.size();
      // A run has one process at a time.
      const bool waits = whole[i].number == 2 && !is_over(i - 1);
      if (is_over(i) || waits) continue;
      const std::string& text = whole[i].text.text();
      sizes[i] = std::min(text.size(), sizes[i] + random() % 4000);
      output.grow_journal(whole[i], sizes[i]);
      if (is_over(i)) output.bury(whole[i].label, whole[i].seed, whole[i].number);
      if (is_over(i)) ++over;
      if (step == 9) output.put_sweep(small_sweep({{"base", 0}, {"sft", 1}, {"reca", 0}}));
      output.take_in();
    }
    output.put_exit("sft", 0, 1, "killed by signal 9\n");
    output.put_sweep(small_sweep({{"base", 0}, {"sft", 0}, {"reca", 0}, {"reca", 1}}));
    EXPECT_EQ(dump_of(folder, output), expected) << round;
  }
}

// Two processes' words on the same, in both orders and at once.
void expect_same_in_any_order(const std::vector<SmallJournal>& journals) {
  std::vector<size_t> order(journals.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::string expected;
  do {
    const TemporaryFolder folder;
    const OutputFolder output(folder.path());
    for (const size_t i : order) {
      output.put_journal(journals[i].label, journals[i].seed, journals[i].number, journals[i].text.text());
      output.take_in();
    }
    if (expected.empty()) expected = output.dump_of_new();
    ASSERT_EQ(output.dump(), expected) << "the first to come was " << order[0];
  } while (std::next_permutation(order.begin(), order.end()));
}

SmallJournal begin(const std::string& label, int64_t seed, int64_t start, const std::string& host = "node7") {
  return {label, seed, 1, JournalText(start).add(small_attempt(label, seed, 1, host))};
}

TEST(IngestOrder, of_two_complete_attempts_at_a_stage_the_first_counts) {
  const auto sft = small_stages("sft", 0)[0];
  auto first = begin("sft", 0, 50, "a"), second = begin("reca", 0, 10, "b"),
       third = begin("reca", 0, 100, "c");
  third.number = 2;
  third.text = JournalText(100).add(small_attempt("reca", 0, 2, "c"));
  const CurveFrame curve{sft.identity, {{50, "loss", 4000}}};
  first.text.add(StageBegin{sft.identity, "cpu: a", 0}).add(curve).add(small_stage_end(sft, 1000));
  second.text.add(StageBegin{sft.identity, "cpu: b", 0}).add(curve).wait(60).add(small_stage_end(sft, 2000));
  third.text.add(StageBegin{sft.identity, "cpu: c", 0}).add(curve).add(small_stage_end(sft, 3000));
  expect_same_in_any_order({first, second, third});

  const TemporaryFolder folder;
  const OutputFolder output(folder.path());
  for (const auto& journal : {third, second, first}) {
    output.put_journal(journal.label, journal.seed, journal.number, journal.text.text());
    output.take_in();
  }
  EXPECT_EQ(query(output.store(),
                  "SELECT group_concat(host || ':' || status || ':' || updates, ' ') FROM "
                  "(SELECT * FROM attempt ORDER BY host)"),
            "a:complete:100 b:interrupted:0 c:interrupted:0");
  EXPECT_EQ(query(output.store(),
                  "SELECT group_concat(kind || ' ' || round(sum * 3600)) FROM (SELECT kind, "
                  "sum(device_hours) AS sum FROM unit_costs GROUP BY kind)"),
            "train 1001.0,wasted 5002.0");
  EXPECT_EQ(query(output.store(), "SELECT max(value) FROM curve"), "1000.0");
}

TEST(IngestOrder, what_was_found_gives_way_to_what_did_it) {
  const auto sft = small_stages("sft", 0)[0];
  auto maker = begin("sft", 0, 0, "a"), finder = begin("reca", 0, 50, "b"),
       another = begin("reca", 0, 70, "c");
  another.number = 2;
  another.text = JournalText(70).add(small_attempt("reca", 0, 2, "c"));
  maker.text.add(StageBegin{sft.identity, "cpu: a", 0}).add(small_stage_end(sft, 1000));
  maker.text.add(small_evaluation_frame("sft0", {6, 4, 1}));
  for (auto* found : {&finder, &another})
    found->text.add(small_stage_end(sft, 1000), StageEnd::kFound)
        .add(EvaluationFound{small_evaluation("sft0").identity});
  expect_same_in_any_order({maker, finder, another});
  expect_same_in_any_order({finder, another});
}

TEST(IngestOrder, of_two_evaluations_of_the_same_the_first_counts) {
  auto first = begin("sft", 0, 20), second = begin("base", 0, 40), third = begin("base", 1, 40);
  first.text.add(small_evaluation_frame("same", {1, 2, 3}));
  second.text.add(small_evaluation_frame("same", {4, 5, 6}));
  third.text.add(small_evaluation_frame("same", {7, 8, 0}));
  expect_same_in_any_order({first, second, third});
  expect_same_in_any_order({second, third});
}

// A judge that could not be reached is asked again.
TEST(IngestOrder, of_two_evaluations_of_the_same_the_one_with_more_scores_counts) {
  auto first = begin("sft", 0, 20), second = begin("base", 0, 40), third = begin("base", 1, 60);
  const auto frame = [](const std::vector<int>& right, size_t unscored, double generated) {
    auto frame = small_evaluation_frame("same", right);
    for (size_t i = 0; i < unscored; ++i) {
      frame.evidence[i].score = 0;
      frame.evidence[i].status = "failed";
    }
    frame.costs[0].device_seconds = generated;
    // Replies that were stored before are counted again.
    const auto answered = static_cast<int64_t>(frame.evidence.size() - unscored);
    frame.costs[1].judge_calls = static_cast<int64_t>(frame.evidence.size());
    frame.costs[1].judge_tokens_in = 10 * answered;
    frame.costs[1].judge_tokens_out = answered;
    return frame;
  };
  first.text.add(frame({1, 2, 3}, 2, 100));
  second.text.add(frame({4, 5, 6}, 1, 150));
  third.text.add(frame({7, 8, 0}, 0, 150));
  expect_same_in_any_order({first, second, third});
  expect_same_in_any_order({first, second});

  const TemporaryFolder folder;
  const OutputFolder output(folder.path());
  for (const auto& journal : {first, third, second})
    output.put_journal(journal.label, journal.seed, journal.number, journal.text.text());
  output.take_in();
  EXPECT_EQ(query(output.store(), "SELECT count(*) FROM evidence WHERE status <> 'scored'"), "0");
  EXPECT_EQ(query(output.store(),
                  "SELECT group_concat(phase || ' ' || seconds) FROM (SELECT phase, sum(device_seconds) AS "
                  "seconds FROM cost GROUP BY phase ORDER BY phase)"),
            "generate 150.0,score 540.0")
      << "pictures were made once, and judged three times";
  EXPECT_EQ(query(output.store(),
                  "SELECT sum(judge_calls) || ' ' || sum(judge_tokens_in) || ' ' || sum(judge_tokens_out) "
                  "FROM cost"),
            "24 240 24")
      << "each question once";
}

TEST(IngestOrder, of_an_evaluation_that_gives_way_no_text_is_left) {
  auto first = begin("sft", 0, 20), second = begin("base", 0, 40);
  auto frame = small_evaluation_frame("same", {1, 2, 3});
  first.text.add(frame);
  frame.items[3].prompt = "another prompt";
  frame.evidence.back().reason = "another reason";
  second.text.add(frame);
  expect_same_in_any_order({first, second});
}

TEST(IngestOrder, sweeps_that_share_runs) {
  const TemporaryFolder folder;
  const OutputFolder output(folder.path());
  auto early = small_sweep({{"base", 0}, {"sft", 0}}, "z"),
       late = small_sweep({{"sft", 0}, {"reca", 0}}, "a");
  for (auto& [run, stages] : late.runs) {
    run.created_utc = "2026-02-01T00:00:00Z";
    run.program_version = "0.2.0";
  }
  {
    Ingester ingester = output.ingester();
    for (const auto& sweep : {early, late}) {
      output.put_sweep(sweep);
      ingester.take_in();
    }
  }
  EXPECT_EQ(output.dump(), output.dump_of_new());
  early.runs.pop_back();
  early.names.pop_back();
  early.sweep.created_utc = "2026-03-01T00:00:00Z";
  output.put_sweep(early);
  output.take_in();
  EXPECT_EQ(output.dump(), output.dump_of_new());
}

}  // namespace
}  // namespace umm::results
