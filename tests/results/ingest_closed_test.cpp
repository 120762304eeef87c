// Journals of processes that are dead: how they ended, and what comes to them afterwards.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "results/ingest.h"
#include "results/table.h"
#include "tests/results/small_output.h"

namespace umm::results {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class IngestClosed : public testing::Test {
 protected:
  std::string ask(const std::string& sql) const { return query(output_.store(), sql); }

  TemporaryFolder folder_;
  OutputFolder output_{folder_.path()};
};

// As small_output, in one pass.
std::string expected_dump() {
  const TemporaryFolder folder;
  const OutputFolder output = small_output(folder);
  output.take_in();
  return output.dump();
}

TEST_F(IngestClosed, a_run_is_complete_when_its_process_has_said_so) {
  output_.put_sweep(small_sweep({{"base", 0}}));
  auto second = small_evaluation_frame("base0", {1, 1, 1});
  second.evaluation.identity = identity_of("second");
  second.evaluation.protocol_hash = "ffff";
  JournalText text;
  text.add(small_attempt("base", 0, 1));
  const auto status = [&] {
    output_.put_journal("base", 0, 1, text.text());
    output_.take_in();
    return ask("SELECT status FROM runs");
  };
  EXPECT_EQ(status(), "unevaluated");
  text.add(small_evaluation_frame("base0", {4, 2, 1}));
  EXPECT_EQ(status(), "partly evaluated");
  text.add(second);
  EXPECT_EQ(status(), "partly evaluated");
  EXPECT_THAT(unfinished_runs(output_.store(), "small"),
              ElementsAre("not all evaluated: base, seed 0: partly evaluated; so far there is geneval"));
  text.add(AttemptEnd{"complete", "", {small_evaluation("base0").identity, identity_of("second")}});
  EXPECT_EQ(status(), "complete");
  EXPECT_EQ(ask("SELECT outcome FROM journal"), "complete");
  EXPECT_THAT(unfinished_runs(output_.store(), "small"), IsEmpty());
  EXPECT_EQ(output_.dump(), output_.dump_of_new());
}

TEST_F(IngestClosed, what_a_process_says_it_has_is_missed_where_no_journal_holds_it) {
  output_.put_journal("base", 0, 1,
                      JournalText()
                          .add(small_attempt("base", 0, 1))
                          .add(small_evaluation_frame("base0", {4, 2, 1}))
                          .add(AttemptEnd{"complete", "", {identity_of("another")}})
                          .text());
  EXPECT_THAT(output_.take_in().problems, ElementsAre(HasSubstr(identity_of("another"))));
  EXPECT_EQ(ask("SELECT status FROM runs"), "partly evaluated");
}

// An output folder that was copied while its runs were under way, and later once more.
TEST_F(IngestClosed, a_journal_that_was_cut_anywhere_goes_on_where_the_rest_comes) {
  const std::string expected = expected_dump();
  for (const auto& journal : small_journals()) {
    const std::string& text = journal.text.text();
    for (const size_t end : journal.text.ends()) {
      for (const size_t size : {end, std::min(end + 40, text.size())}) {
        const TemporaryFolder folder;
        const OutputFolder output = small_output(folder);
        output.put_journal(journal.label, journal.seed, journal.number, text.substr(0, size));
        output.take_in();
        output.put_journal(journal.label, journal.seed, journal.number, text);
        EXPECT_THAT(output.take_in().problems, IsEmpty());
        EXPECT_EQ(output.dump(), expected) << journal.label << journal.number << " at " << size;
      }
    }
  }
}

// A process that was taken for dead goes on, and its next frame comes in two pieces.
TEST_F(IngestClosed, a_journal_that_grows_by_less_than_a_frame_stays_closed) {
  const std::string expected = expected_dump();
  for (const auto& journal : small_journals()) {
    const std::string& text = journal.text.text();
    for (const size_t end : journal.text.ends()) {
      const TemporaryFolder folder;
      OutputFolder output = small_output(folder);
      output.put_journal(journal.label, journal.seed, journal.number, text.substr(0, end));
      output.take_in();
      output.revive(journal.label, journal.seed, journal.number);
      for (const size_t size : {std::min(end + 40, text.size()), text.size()}) {
        output.grow_journal(journal, size);
        output.take_in();
      }
      output.bury(journal.label, journal.seed, journal.number);
      EXPECT_THAT(output.take_in().problems, IsEmpty());
      EXPECT_EQ(output.dump(), expected) << journal.label << journal.number << " at " << end;
    }
  }
}

TEST_F(IngestClosed, a_damaged_journal_is_taken_in_once_it_is_repaired) {
  const OutputFolder output = small_output(folder_);
  const JournalText journal = small_journals()[1].text;
  std::string text = journal.text();
  text[journal.ends()[3] + 30] ^= 1;
  output.put_journal("sft", 0, 2, text);
  EXPECT_THAT(output.take_in().problems, testing::Contains(HasSubstr("damaged")));
  output.put_journal("sft", 0, 2, journal.text());
  EXPECT_THAT(output.take_in().problems, IsEmpty());
  EXPECT_EQ(output.dump(), expected_dump());
}

TEST_F(IngestClosed, a_journal_that_lost_bytes_is_told_of_every_time) {
  const OutputFolder output = small_output(folder_);
  output.take_in();
  const JournalText journal = small_journals()[1].text;
  output.put_journal("sft", 0, 2, journal.text().substr(0, journal.ends()[2]));
  for (int time = 0; time < 2; ++time)
    EXPECT_THAT(output.take_in().problems,
                ElementsAre(AllOf(HasSubstr("attempt-2/journal.umj"),
                                  HasSubstr(std::to_string(journal.text().size()) + " were read of it"))));
  EXPECT_EQ(output.dump(), expected_dump());
}

TEST_F(IngestClosed, what_is_no_regular_file_is_not_waited_for) {
  const auto folder = output_.attempt("base", 0, 1);
  std::filesystem::create_directories(folder);
  ASSERT_EQ(mkfifo(journal_file(folder).c_str(), 0600), 0);
  std::filesystem::create_directories(output_.attempt("base", 0, 2));
  std::filesystem::create_symlink("/dev/zero", journal_file(output_.attempt("base", 0, 2)));
  EXPECT_THAT(output_.take_in().problems,
              ElementsAre(AllOf(HasSubstr("attempt-1"), HasSubstr("no regular file")),
                          AllOf(HasSubstr("attempt-2"), HasSubstr("no regular file"))));
  EXPECT_EQ(journal_stamp(journal_file(folder)), "");
}

// Journals of before evaluations had names called the evaluator by its name in the spec.
TEST_F(IngestClosed, evaluations_of_older_journals_are_the_evaluators) {
  auto frame = small_evaluation_frame("base0", {4, 2, 1});
  frame.evaluation.protocol_text = R"({"evaluator": "geneval"})";
  auto json = nlohmann::json::parse(to_payload(frame));
  json["evaluation"].erase("name");
  json["evaluation"]["benchmark"] = "geneval_ema";
  output_.put_journal(
      "base", 0, 1,
      JournalText()
          .add(small_attempt("base", 0, 1))
          .add_line("evaluation", json.dump())
          .add_line("evaluation_found", "{\"evaluation\": \"" + small_evaluation("base0").identity + "\"}")
          .text());
  EXPECT_THAT(output_.take_in().problems, IsEmpty());
  EXPECT_EQ(ask("SELECT benchmark || ' ' || evaluation FROM scores"), "geneval geneval_ema");
}

TEST_F(IngestClosed, what_a_run_calls_an_evaluation_does_not_depend_on_what_came_first) {
  for (const bool found_first : {false, true}) {
    const TemporaryFolder folder;
    const OutputFolder output(folder.path());
    auto made = small_evaluation_frame("base", {4, 2, 1});
    made.evaluation.name = "b";
    const auto make = [&] {
      output.put_journal("base", 0, 1, JournalText().add(small_attempt("base", 0, 1)).add(made).text());
      output.take_in();
    };
    if (!found_first) make();
    output.put_journal("base", 0, 2,
                       JournalText(60)
                           .add(small_attempt("base", 0, 2))
                           .add(EvaluationFound{made.evaluation.identity, "a"})
                           .add(EvaluationFound{made.evaluation.identity, "c"})
                           .text());
    output.take_in();
    if (found_first) make();
    EXPECT_EQ(query(output.store(), "SELECT group_concat(name) FROM run_evaluation"), "a");
  }
}

}  // namespace
}  // namespace umm::results
