// Journals: what was written comes back, and nothing else does, whatever happened to the file.
#include "results/journal.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>

#include "results/frames.h"
#include "results/run_folder.h"
#include "tests/results/small_database.h"

namespace umm::results {
namespace {

using testing::AllOf;
using testing::ElementsAreArray;
using testing::HasSubstr;

struct Read {
  std::vector<std::string> frames;  // "sequence type payload"
  JournalEnd end;
};

Read parse(std::string_view text, const JournalEnd& from = {}) {
  Read read;
  read.end = parse_journal(
      text, "j.umj",
      [&](const Frame& frame) {
        read.frames.push_back(std::to_string(frame.sequence) + " " + std::string(frame.type) + " " +
                              std::string(frame.payload));
      },
      from);
  return read;
}

class Journal : public testing::Test {
 protected:
  // Five frames, two of them not synced, with the awkward in payloads.
  std::string write_small() {
    JournalWriter writer(file_);
    writer.write("attempt", R"({"number":1})");
    writer.write("progress", R"({"note":"loss 2.31 of 3"})", /*sync=*/false);
    writer.write("progress", R"({"note":"\n\\ Zürich 图片"})", /*sync=*/false);
    writer.write("stage_end", "{}");
    writer.write("end", R"({"outcome":"complete"})");
    return read_from(file_);
  }

  TemporaryFolder folder_;
  std::string file_ = folder_ / "journal.umj";
};

const std::vector<std::string> kSmall = {
    R"(0 attempt {"number":1})", R"(1 progress {"note":"loss 2.31 of 3"})",
    R"(2 progress {"note":"\n\\ Zürich 图片"})", "3 stage_end {}", R"(4 end {"outcome":"complete"})"};

TEST_F(Journal, frames_come_back_exactly) {
  const int64_t before = wall_clock_ns();
  const std::string text = write_small();
  EXPECT_TRUE(text.starts_with("ummbench journal 1\n"));
  const Read all = parse(text);
  EXPECT_THAT(all.frames, ElementsAreArray(kSmall));
  EXPECT_EQ(all.end.offset, static_cast<int64_t>(text.size()));
  EXPECT_EQ(all.end.sequence, 5);
  EXPECT_EQ(all.end.tail, JournalEnd::kWhole);
  int64_t wall = before, monotonic = 0;
  const JournalEnd end = read_journal(file_, [&](const Frame& frame) {
    EXPECT_GE(frame.wall_ns, wall);
    EXPECT_GE(frame.monotonic_ns, monotonic);
    wall = frame.wall_ns;
    monotonic = frame.monotonic_ns;
  });
  EXPECT_LE(wall, wall_clock_ns());
  EXPECT_EQ(end.sequence, 5);
}

TEST_F(Journal, cut_at_any_byte_reads_as_a_prefix_and_goes_on_from_there) {
  const std::string text = write_small();
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    const Read first = parse(std::string_view(text).substr(0, cut));
    ASSERT_LE(first.frames.size(), kSmall.size());
    ASSERT_THAT(first.frames, ElementsAreArray(kSmall.begin(), kSmall.begin() + first.end.sequence)) << cut;
    const auto left = cut - static_cast<size_t>(first.end.offset);
    ASSERT_EQ(first.end.tail, left == 0 ? JournalEnd::kWhole : JournalEnd::kTorn) << cut;
    const Read rest = parse(std::string_view(text).substr(static_cast<size_t>(first.end.offset)), first.end);
    ASSERT_THAT(rest.frames, ElementsAreArray(kSmall.begin() + first.end.sequence, kSmall.end())) << cut;
    ASSERT_EQ(rest.end.offset, static_cast<int64_t>(text.size()));
    ASSERT_EQ(rest.end.tail, JournalEnd::kWhole);
  }
}

TEST_F(Journal, a_flipped_byte_is_found_wherever_it_is) {
  const std::string text = write_small();
  const size_t header = text.find('\n') + 1;
  const size_t last = text.rfind('\n', text.size() - 2) + 1;
  const size_t before_last = text.rfind('\n', last - 2) + 1;
  for (size_t at = 0; at < text.size(); ++at)
    for (const int flip : {0x01, 0x20, 0x80, 0xff, text[at] ^ '\n', text[at] ^ ' '}) {
      if (flip == 0) continue;
      std::string spoiled = text;
      spoiled[at] = static_cast<char>(spoiled[at] ^ flip);
      if (at < header) {
        EXPECT_THAT(error_of([&] { parse(spoiled); }), AllOf(HasSubstr("j.umj"), HasSubstr("not a journal")));
        continue;
      }
      const Read read = parse(spoiled);
      const size_t line = text.rfind('\n', at - 1) + 1;
      ASSERT_EQ(read.end.offset, static_cast<int64_t>(line)) << at << " ^ " << flip;
      ASSERT_THAT(read.frames, ElementsAreArray(kSmall.begin(), kSmall.begin() + read.end.sequence));
      // A lost end of line takes the next frame with it: then only one further on shows the damage.
      const bool frames_behind = line < last && !(line == before_last && text[at] == '\n');
      ASSERT_EQ(read.end.tail, frames_behind ? JournalEnd::kDamaged : JournalEnd::kTorn) << at;
    }
}

TEST_F(Journal, lost_and_repeated_frames_are_damage) {
  const std::string text = write_small();
  const size_t first = text.find('\n') + 1, second = text.find('\n', first) + 1,
               third = text.find('\n', second) + 1;
  std::string without = text, twice = text;
  without.erase(second, third - second);
  twice.insert(second, text.substr(first, second - first));
  for (const auto& spoiled : {without, twice}) {
    const Read read = parse(spoiled);
    EXPECT_EQ(read.end.tail, JournalEnd::kDamaged);
    EXPECT_EQ(read.end.offset, static_cast<int64_t>(second));
    EXPECT_EQ(read.frames.size(), 1u);
  }
}

TEST_F(Journal, what_is_no_journal_is_named) {
  for (const char* text : {"SQLite format 3", "ummbench journal 2\n", "x", "\n"}) {
    write_file(file_, text);
    EXPECT_THAT(error_of([&] { read_journal(file_, [](const Frame&) {}); }),
                AllOf(HasSubstr(file_), HasSubstr("not a journal")));
  }
  for (const auto& unreadable : {folder_ / "none.umj", folder_.path().string()})
    EXPECT_THAT(error_of([&] { read_journal(unreadable, [](const Frame&) {}); }),
                AllOf(HasSubstr(unreadable), HasSubstr("cannot be read")));
}

TEST_F(Journal, one_that_became_shorter_is_noticed) {
  const std::string text = write_small();
  write_file(file_, text.substr(0, 60));
  const JournalEnd before{static_cast<int64_t>(text.size()), 5, JournalEnd::kWhole};
  EXPECT_THAT(error_of([&] {
                read_journal(
                    file_, [](const Frame&) {}, before);
              }),
              HasSubstr("60 bytes"));
}

TEST_F(Journal, a_second_writer_is_refused_and_changes_nothing) {
  const std::string text = write_small();
  EXPECT_THAT(error_of([&] { JournalWriter second(file_); }), AllOf(HasSubstr(file_), HasSubstr("exists")));
  EXPECT_EQ(read_from(file_), text);
  EXPECT_THAT(error_of([&] { JournalWriter(folder_ / "none/journal.umj"); }), HasSubstr("cannot be made"));
}

TEST_F(Journal, only_lines_are_frames) {
  {
    JournalWriter writer(file_);
    EXPECT_THAT(error_of([&] { writer.write("a b", "{}"); }), HasSubstr("one line"));
    EXPECT_THAT(error_of([&] { writer.write("", "{}"); }), HasSubstr("one line"));
    EXPECT_THAT(error_of([&] { writer.write("end", "{\n}"); }), HasSubstr("one line"));
    EXPECT_THAT(error_of([&] { writer.write("end", ""); }), HasSubstr("one line"));
    writer.write("end", "{}");
  }
  EXPECT_THAT(parse(read_from(file_)).frames, ElementsAreArray({"0 end {}"}));
}

// The limit on a file's size stands for a disk that is full.
TEST_F(Journal, a_full_disk_is_reported_and_nothing_is_written_behind_the_gap) {
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    JournalWriter writer(file_);
    writer.write("progress", "{}");
    const rlimit little{200, RLIM_INFINITY}, much{RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &little);
    const std::string full = error_of([&] { writer.write("end", "\"" + std::string(500, 'x') + "\""); });
    setrlimit(RLIMIT_FSIZE, &much);
    const std::string later = error_of([&] { writer.write("end", "{}"); });
    const bool right = full.find("File too large") != std::string::npos &&
                       full.find(file_) != std::string::npos &&
                       later.find("earlier frame") != std::string::npos;
    _exit(right ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  const Read read = parse(read_from(file_));
  EXPECT_THAT(read.frames, ElementsAreArray({"0 progress {}"}));
  EXPECT_EQ(read.end.tail, JournalEnd::kTorn);
}

TEST_F(Journal, its_stamp_tells_it_from_every_other) {
  write_small();
  const std::string stamp = journal_stamp(file_);
  EXPECT_EQ(journal_stamp(file_), stamp);
  std::filesystem::rename(file_, folder_ / "old.umj");
  EXPECT_EQ(journal_stamp(file_), "");
  write_small();
  EXPECT_NE(journal_stamp(file_), "");
  EXPECT_NE(journal_stamp(file_), stamp);
  EXPECT_EQ(journal_stamp(folder_ / "old.umj"), stamp);
}

TEST(Frames, text_that_is_not_utf8_is_recorded_as_far_as_it_is) {
  const auto payload = to_payload(AttemptEnd{"failed", "bad \xff byte\n\"quoted\"", {}});
  EXPECT_EQ(payload.find('\n'), std::string::npos);
  EXPECT_EQ(from_payload<AttemptEnd>(payload).error, "bad \xef\xbf\xbd byte\n\"quoted\"");
}

TEST(Frames, curves_may_hold_what_is_not_a_number) {
  const StageEnd stage{
      "s", {4, 2, 8}, {}, {{1, "loss", std::nan("")}, {2, "loss", HUGE_VAL}, {2, "grad_norm", 0.1}}};
  const auto back = from_payload<StageEnd>(to_payload(stage));
  ASSERT_EQ(back.curves.size(), 3u);
  EXPECT_TRUE(std::isnan(back.curves[0].value));
  EXPECT_TRUE(std::isnan(back.curves[1].value));
  EXPECT_EQ(back.curves[2].value, 0.1);
  EXPECT_EQ(back.curves[2].update, 2);
  EXPECT_EQ(back.totals.images_seen, 8);
}

// A frame that cannot be read back would keep all of its journal from the database.
TEST(Frames, what_could_not_be_read_again_is_not_written) {
  const double nan = std::nan("");
  EvaluationFrame evaluation{small_evaluation("x"), small_items(), small_evidence({1, 2, 3}), {}, {}};
  evaluation.scores = {{"overall", nan}};
  EXPECT_THAT(error_of([&] { to_payload(evaluation); }), AllOf(HasSubstr("overall"), HasSubstr("number")));
  evaluation.scores.clear();
  evaluation.evidence[3].score = nan;
  EXPECT_THAT(error_of([&] { to_payload(evaluation); }), HasSubstr("00001"));
  EXPECT_THAT(error_of([&] {
                to_payload(StageEnd{"s", {}, {small_cost("train", HUGE_VAL)}, {}});
              }),
              HasSubstr("train"));
  EXPECT_THAT(error_of([&] {
                to_payload(StageStop{"s", "failed", "", {small_cost("load", nan)}});
              }),
              HasSubstr("load"));
  EXPECT_THAT(error_of([&] { to_payload(StageBegin{"s", "cpu", nan}); }), HasSubstr("seconds"));
  EXPECT_THAT(error_of([&] { to_payload(ResumePoint{"s", 1, nan}); }), HasSubstr("seconds"));
  // Progress is for the eye alone.
  const auto back =
      from_payload<ProgressFrame>(to_payload(ProgressFrame{"train", 1, 2, "updates", "", nan, nan}));
  EXPECT_EQ(back.rate, 0);
  EXPECT_EQ(back.seconds, 0);
}

TEST(Frames, an_incomplete_one_is_named) {
  EXPECT_THAT(error_of([] { from_payload<StageEnd>("{}"); }), HasSubstr("\"stage_end\""));
  EXPECT_THAT(error_of([] { from_payload<AttemptEnd>("{\"outcome\""); }), HasSubstr("\"end\""));
  EXPECT_THAT(error_of([] { from_payload<EvaluationFound>("[1, 2]"); }), HasSubstr("\"evaluation_found\""));
}

}  // namespace
}  // namespace umm::results
