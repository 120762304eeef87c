// From journals and sweeps to rows. The order in which they come: ingest_order_test.cpp.
#include "results/ingest.h"

#include <gmock/gmock.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>

#include "tests/results/small_output.h"

namespace umm::results {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Ingest : public testing::Test {
 protected:
  std::string ask(const std::string& sql) const { return query(output_.store(), sql); }

  TemporaryFolder folder_;
  OutputFolder output_{folder_.path()};
  StageRow sft_ = small_stages("sft", 0)[0], reca_ = small_stages("reca", 0)[1];
};

TEST_F(Ingest, frames_become_rows) {
  const OutputFolder output = small_output(folder_);
  const IngestReport report = output.take_in();
  EXPECT_THAT(report.problems, IsEmpty());
  EXPECT_EQ(report.journals, 5);
  EXPECT_EQ(report.frames, 6 + 7 + 6 + 7 + 4);
  EXPECT_EQ(ask("SELECT group_concat(label || seed || ':' || status, ' ') FROM "
                "(SELECT * FROM runs WHERE sweep = 'small' ORDER BY position)"),
            "base0:complete sft0:complete reca0:complete reca1:untrained");
  EXPECT_EQ(ask("SELECT group_concat(stage.name || attempt.number || ':' || status || ':' || "
                "coalesce(error, '-') || ':' || updates, '; ') "
                "FROM (SELECT * FROM attempt ORDER BY started_utc) AS attempt "
                "JOIN stage ON stage.id = stage_id"),
            "sft1:interrupted:killed by signal 9:0; sft2:complete:-:100; "
            "reca1:failed:loss is not finite:0; reca2:complete:-:100");
  EXPECT_EQ(ask("SELECT host || ' ' || started_utc || ' ' || finished_utc FROM attempt WHERE updates = 100"),
            "node7 2026-01-01T00:01:41Z 2026-01-01T00:01:43Z");
  EXPECT_EQ(ask("SELECT group_concat(status || at_update, ' ') FROM (SELECT * FROM curve "
                "JOIN attempt ON attempt.id = attempt_id ORDER BY started_utc, at_update)"),
            "interrupted1 interrupted10 complete1 complete100 failed1 complete1 complete100");
  EXPECT_EQ(ask("SELECT count(*) || ' ' || sum(found) FROM attempt"), "4 0");
  EXPECT_EQ(ask("SELECT count(*) || ' ' || min(created_utc) FROM evaluation"), "3 2026-01-01T00:01:45Z");
  EXPECT_EQ(ask("SELECT number FROM evaluation JOIN run ON run.id = run_id WHERE method = 'sft'"), "2");
  EXPECT_EQ(ask("SELECT count(*) FROM evidence"), "72");
  EXPECT_EQ(ask("SELECT count(*) FROM run_evaluation"), "5");
  EXPECT_EQ(ask("SELECT count(*) FROM found_evaluation"), "0");
  EXPECT_EQ(ask("SELECT group_concat(closed) || ' ' || sum(next_sequence) FROM journal"), "1,1,1,1,1 30");
  EXPECT_EQ(ask("SELECT created_utc || ' ' || program_version FROM run WHERE method = 'sft'"),
            "2026-01-01T01:00:00Z 0.1.1");
}

TEST_F(Ingest, what_a_dead_process_had_open_is_lost) {
  output_.put_journal("sft", 0, 1, small_journals()[0].text.text());
  output_.take_in();
  const std::string attempt = "SELECT status || ' ' || error || ' ' || finished_utc FROM attempt";
  EXPECT_EQ(ask(attempt), "interrupted the process was killed 2026-01-01T00:00:05Z");
  EXPECT_EQ(ask("SELECT device_seconds || ' ' || device_name FROM cost"), "30.0 cpu: test");
  EXPECT_EQ(ask("SELECT status FROM runs"), "untrained");
  // Whoever started it may say so later.
  output_.put_exit("sft", 0, 1, "");
  output_.take_in();
  EXPECT_EQ(ask(attempt), "interrupted the process was killed 2026-01-01T00:00:05Z");
  output_.put_exit("sft", 0, 1, "out of memory\n");
  output_.take_in();
  EXPECT_EQ(ask(attempt), "interrupted out of memory 2026-01-01T00:00:05Z");
}

TEST_F(Ingest, what_a_living_process_has_open_is_running) {
  output_.revive("sft", 0, 1);
  output_.put_journal("sft", 0, 1, small_journals()[0].text.text());
  Ingester ingester = output_.ingester();
  EXPECT_EQ(ingester.take_in().frames, 6);
  EXPECT_EQ(ingester.take_in().frames, 0);
  EXPECT_EQ(ask("SELECT status || ' ' || coalesce(error, '-') FROM attempt"), "running -");
  EXPECT_EQ(ask("SELECT closed FROM journal"), "0");
  output_.bury("sft", 0, 1);
  EXPECT_EQ(ingester.take_in().frames, 0);
  EXPECT_EQ(ask("SELECT status FROM attempt"), "interrupted");
  EXPECT_EQ(ask("SELECT closed FROM journal"), "1");
}

TEST_F(Ingest, the_curves_of_a_stage_under_way_are_there_so_far) {
  const auto curves = [&] {
    return ask(
        "SELECT group_concat(status || ' ' || at_update || ':' || value, ', ') FROM (SELECT * FROM "
        "curve JOIN attempt ON attempt.id = attempt_id ORDER BY at_update)");
  };
  output_.revive("sft", 0, 1);
  JournalText text;
  text.add(small_attempt("sft", 0, 1)).add(StageBegin{sft_.identity, "cpu: test", 0});
  text.add(CurveFrame{sft_.identity, {{1, "loss", 2.0}, {10, "loss", 1.75}}});
  output_.put_journal("sft", 0, 1, text.text());
  output_.take_in();
  EXPECT_EQ(curves(), "running 1:2.0, running 10:1.75");
  output_.put_journal("sft", 0, 1, text.add(CurveFrame{sft_.identity, {{20, "loss", 1.5}}}).text());
  output_.take_in();
  EXPECT_EQ(curves(), "running 1:2.0, running 10:1.75, running 20:1.5");
  EXPECT_EQ(output_.dump(), output_.dump_of_new());
  output_.put_journal("sft", 0, 1, text.add(small_stage_end(sft_, 3600)).text());
  output_.take_in();
  EXPECT_EQ(curves(), "complete 1:2.0, complete 100:3600.0");
  EXPECT_EQ(output_.dump(), output_.dump_of_new());
}

TEST_F(Ingest, a_stage_that_its_process_left_open_at_its_end_does_not_run_for_ever) {
  output_.put_journal("sft", 0, 1,
                      JournalText()
                          .add(small_attempt("sft", 0, 1))
                          .add(StageBegin{sft_.identity, "cpu: test", 0})
                          .add(AttemptEnd{"failed", "disk full", {}})
                          .text());
  output_.take_in();
  EXPECT_EQ(ask("SELECT status || ': ' || error FROM attempt"),
            "interrupted: the process ended within the stage");
  EXPECT_EQ(ask("SELECT error FROM run"), "disk full");
}

TEST_F(Ingest, the_latest_process_says_whether_a_run_failed) {
  output_.put_journal(
      "base", 0, 1,
      JournalText().add(small_attempt("base", 0, 1)).add(AttemptEnd{"failed", "no", {}}).text());
  output_.take_in();
  EXPECT_EQ(ask("SELECT status || ' ' || error FROM runs"), "failed no");
  output_.put_journal("base", 0, 2, JournalText(60).add(small_attempt("base", 0, 2)).text());
  output_.take_in();
  EXPECT_EQ(ask("SELECT status FROM runs"), "unevaluated");
}

TEST_F(Ingest, one_evaluation_may_speak_for_several_runs) {
  for (const int64_t seed : {0, 1})
    output_.put_journal("base", seed, 1,
                        JournalText(seed * 60)
                            .add(small_attempt("base", seed, 1))
                            .add(small_evaluation_frame("base", {4, 2, 1}))
                            .text());
  output_.take_in();
  EXPECT_EQ(ask("SELECT count(*) FROM run_evaluation"), "2");
  EXPECT_EQ(ask("SELECT count(*) || ' ' || created_utc FROM evaluation"), "1 2026-01-01T00:00:01Z");
  EXPECT_EQ(ask("SELECT group_concat(phase) FROM (SELECT phase FROM cost ORDER BY phase)"),
            "generate,score,score")
      << "either process scored; pictures are kept with what drawing them has cost in all";
  EXPECT_EQ(ask("SELECT count(*) FROM evidence"), "24");
}

TEST_F(Ingest, what_was_found_counts_where_no_journal_tells_of_it) {
  output_.put_journal("reca", 0, 1,
                      JournalText()
                          .add(small_attempt("reca", 0, 1))
                          .add(small_stage_end(sft_, 3600), StageEnd::kFound)
                          .add(EvaluationFound{small_evaluation("sft0").identity})
                          .text());
  EXPECT_THAT(output_.take_in().problems,
              ElementsAre(AllOf(HasSubstr(small_evaluation("sft0").identity), HasSubstr("no journal"))));
  EXPECT_EQ(ask("SELECT status || ' ' || found || ' ' || updates || ' ' || started_utc FROM attempt"),
            "complete 1 100 2026-01-01T00:00:01Z");
  EXPECT_EQ(ask("SELECT total(device_seconds) FROM cost"), "3601.0");
  EXPECT_EQ(ask("SELECT count(*) FROM found_evaluation"), "1");
}

TEST_F(Ingest, a_second_one_is_told_who_takes_in) {
  const Ingester first = output_.ingester();
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  EXPECT_THAT(error_of([&] { output_.ingester(); }),
              AllOf(HasSubstr("results.sqlite"), HasSubstr("process " + std::to_string(getpid())),
                    HasSubstr(host.data())));
}

TEST_F(Ingest, what_is_no_journal_keeps_no_other_from_being_taken_in) {
  const OutputFolder output = small_output(folder_);
  const auto runs = folder_.path() / "runs";
  const auto last = output.attempt("base", 0, 1);
  write_file(runs / "notes.txt", "garbage");
  write_file(runs / "b" / "attempt-1" / "journal.umj", "no run is called so");
  write_file(last.parent_path() / "attempt-x" / "journal.umj", "nor an attempt");
  write_file(last.parent_path() / "attempt-01" / "journal.umj", "nor so");
  write_file(last.parent_path() / "attempt-8", "a file");
  std::filesystem::create_directories(last.parent_path() / "attempt-9");
  write_file(last.parent_path() / "attempt-10" / "journal.umj", "");
  write_file(last.parent_path() / "attempt-11" / "journal.umj", "ummbench jour");
  write_file(last.parent_path() / "attempt-12" / "journal.umj", "ummbench journal 1\n");
  write_file(last.parent_path() / "attempt-13" / "journal.umj", "some text");
  std::filesystem::create_directories(last.parent_path() / "attempt-14" / "journal.umj");
  write_file(last.parent_path() / "attempt-15" / "journal.umj", JournalText().add_line("end", "{}").text());
  write_file(last.parent_path() / "attempt-16" / "journal.umj",
             JournalText().add(small_attempt("base", 0, 16)).add_line("stage_begin", "[]").text());
  write_file(last.parent_path() / "attempt-17" / "journal.umj",
             JournalText().add(small_attempt("sft", 0, 17)).text());
  const IngestReport report = output.take_in();
  EXPECT_THAT(report.problems,
              ElementsAre(AllOf(HasSubstr("attempt-13"), HasSubstr("not a journal")),
                          AllOf(HasSubstr("attempt-14"), HasSubstr("cannot be read")),
                          AllOf(HasSubstr("attempt-15"), HasSubstr("before the one that names the run")),
                          AllOf(HasSubstr("attempt-16"), HasSubstr("\"stage_begin\"")),
                          AllOf(HasSubstr("attempt-17"), HasSubstr("belongs to attempt 17 of run"))));
  EXPECT_EQ(report.journals, 5);
  EXPECT_EQ(ask("SELECT count(*) FROM journal"), "5");
  EXPECT_EQ(ask("SELECT count(*) FROM evidence"), "72");
}

TEST_F(Ingest, a_damaged_journal_is_taken_in_up_to_the_damage) {
  const OutputFolder output = small_output(folder_);
  const JournalText journal = small_journals()[1].text;
  std::string text = journal.text();
  text[journal.ends()[3] + 30] ^= 1;
  output.put_journal("sft", 0, 2, text);
  for (int time = 0; time < 2; ++time)
    EXPECT_THAT(output.take_in().problems,
                ElementsAre(HasSubstr("damaged at byte " + std::to_string(journal.ends()[3])),
                            HasSubstr("evaluation"), HasSubstr("evaluation")));
  EXPECT_EQ(ask("SELECT next_sequence || ' ' || closed FROM journal WHERE problem <> ''"), "3 1");
  EXPECT_EQ(ask("SELECT count(*) FROM evaluation"), "2");
  EXPECT_EQ(ask("SELECT count(*) FROM attempt WHERE status = 'complete'"), "2");
}

TEST_F(Ingest, an_edited_sweep_loses_runs_but_not_what_they_did) {
  const OutputFolder output = small_output(folder_);
  output.take_in();
  EXPECT_EQ(ask("SELECT count(*) FROM run"), "4");
  output.put_sweep(small_sweep({{"reca", 0}}));
  output.take_in();
  EXPECT_EQ(ask("SELECT group_concat(label) FROM runs WHERE sweep = 'small'"), "reca");
  EXPECT_EQ(ask("SELECT count(*) FROM runs WHERE sweep IS NULL"), "2");
  EXPECT_EQ(ask("SELECT count(*) FROM run WHERE seed = 1"), "0");  // it never began
  EXPECT_EQ(ask("SELECT count(*) FROM evaluation"), "3");
  EXPECT_EQ(output.dump(), output.dump_of_new());
}

TEST_F(Ingest, a_damaged_sweep_is_reported_and_the_others_are_taken_in) {
  output_.put_sweep(small_sweep({{"base", 0}}));
  write_file(folder_ / "sweeps/bad.json", "{\"format\": 1, ");
  write_file(folder_ / "sweeps/newer.json", "{\"format\": 2}");
  std::filesystem::create_directories(folder_ / "sweeps/folder.json");
  Ingester ingester = output_.ingester();
  for (int time = 0; time < 2; ++time)
    EXPECT_THAT(ingester.take_in().problems,
                testing::UnorderedElementsAre(HasSubstr("bad.json"), HasSubstr("folder.json"),
                                              AllOf(HasSubstr("newer.json"), HasSubstr("newer than"))));
  EXPECT_EQ(ask("SELECT count(*) FROM runs WHERE sweep = 'small'"), "1");
}

// Rows that a second pass writes: none, also where the database knows a sweep without a file.
TEST_F(Ingest, sweeps_are_stored_again_only_where_a_file_has_changed) {
  Store::open(database_file(output_.path()).string()).put_sweep({"old", "", "", ""});
  output_.put_sweep(small_sweep({{"base", 0}}));
  Ingester ingester = output_.ingester();
  const auto rows_written = [&] {
    const int before = sqlite3_total_changes(ingester.store().handle());
    EXPECT_THAT(ingester.take_in().problems, IsEmpty());
    return sqlite3_total_changes(ingester.store().handle()) - before;
  };
  EXPECT_GT(rows_written(), 0);
  EXPECT_EQ(rows_written(), 0);
  output_.put_sweep(small_sweep({{"base", 0}, {"sft", 0}}));
  EXPECT_GT(rows_written(), 0);
  EXPECT_EQ(ask("SELECT count(*) FROM runs WHERE sweep = 'small'"), "2");
}

TEST_F(Ingest, an_empty_sweep_is_reported_every_time) {
  Store::open(database_file(output_.path()).string()).put_sweep({"old", "", "", ""});
  write_file(folder_ / "sweeps/empty.json", "");
  Ingester ingester = output_.ingester();
  for (int time = 0; time < 2; ++time)
    EXPECT_THAT(ingester.take_in().problems, ElementsAre(HasSubstr("empty.json")));
}

TEST_F(Ingest, a_full_disk_loses_nothing) {
  const OutputFolder output = small_output(folder_);
  std::string error;
  {
    Ingester ingester = output.ingester();
    sqlite3* database = ingester.store().handle();
    const int pages = std::stoi(query(ingester.store(), "PRAGMA page_count"));
    for (int more = 0; more < 100; ++more) {
      const std::string limit = "PRAGMA max_page_count = " + std::to_string(pages + more);
      sqlite3_exec(database, limit.c_str(), nullptr, nullptr, nullptr);
      const std::string now = error_of([&] { EXPECT_THAT(ingester.take_in().problems, IsEmpty()); });
      if (now.empty()) break;
      error = now;
    }
  }
  EXPECT_THAT(error, HasSubstr("disk is full"));
  EXPECT_EQ(output.dump(), output.dump_of_new());
  EXPECT_EQ(ask("SELECT count(*) FROM runs WHERE sweep = 'small'"), "4");
}

}  // namespace
}  // namespace umm::results
