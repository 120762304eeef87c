#include "tests/results/small_output.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <zlib.h>

#include <fstream>

namespace umm::results {
namespace {

constexpr int64_t kStart = 1767225600;  // 2026-01-01T00:00:00Z

}  // namespace

JournalText::JournalText(int64_t start_seconds) : seconds_(start_seconds), text_("ummbench journal 1\n") {
  ends_.push_back(text_.size());
}

JournalText& JournalText::add_line(const std::string& type, const std::string& payload) {
  const int64_t ns = 1'000'000'000;
  const std::string body =
      fmt::format("{} {} {} {} {}", sequence_++, (kStart + seconds_) * ns, seconds_ * ns, type, payload);
  ++seconds_;
  const auto crc = crc32_z(0, reinterpret_cast<const unsigned char*>(body.data()), body.size());
  text_ += fmt::format("{:08x} {}\n", crc, body);
  ends_.push_back(text_.size());
  return *this;
}

JournalText& JournalText::wait(int64_t seconds) {
  seconds_ += seconds;
  return *this;
}

AttemptFrame small_attempt(const std::string& label, int64_t seed, int64_t number, const std::string& host) {
  AttemptFrame frame{number, label, host, 4711, small_run(label, seed), small_stages(label, seed)};
  frame.run.created_utc = fmt::format("2026-01-01T0{}:00:00Z", number);
  frame.run.program_version = fmt::format("0.1.{}", number);
  return frame;
}

StageEnd small_stage_end(const StageRow& stage, double seconds) {
  return {stage.identity,
          {200, 100, 4800},
          {small_cost("load", 1), small_cost("train", seconds)},
          {{1, "loss", 2.0}, {100, "loss", seconds}}};
}

EvaluationFrame small_evaluation_frame(const std::string& name, const std::vector<int>& right) {
  EvaluationFrame frame{small_evaluation(name),
                        small_items(),
                        small_evidence(right),
                        small_scores(right),
                        {small_cost("generate", 1800), small_cost("score", 180)}};
  for (EvidenceRow& row : frame.evidence)
    row.image_path = usual_image_path(frame.evaluation.identity, row.item_id, row.image_index);
  return frame;
}

SubmittedSweep small_sweep(const std::vector<std::pair<std::string, int64_t>>& runs,
                           const std::string& name) {
  SubmittedSweep sweep{{name, "three rows", name + ".toml", "name = ...", "2026-01-01T00:00:00Z"}, {}, {}};
  for (const auto& [label, seed] : runs) {
    RunRow run = small_run(label, seed);
    run.sweep = name;
    run.created_utc = sweep.sweep.created_utc;
    sweep.runs.emplace_back(run, small_stages(label, seed));
    sweep.names.push_back(fmt::format("{}, seed {}", label, seed));
  }
  return sweep;
}

std::filesystem::path OutputFolder::attempt(const std::string& label, int64_t seed, int64_t number) const {
  return attempt_folder(run_folder(folder_, small_run(label, seed).identity), number);
}

void OutputFolder::put_journal(const std::string& label, int64_t seed, int64_t number,
                               const std::string& text) const {
  write_file(journal_file(attempt(label, seed, number)), text);
}

void OutputFolder::grow_journal(const SmallJournal& journal, size_t size) const {
  const auto file = journal_file(attempt(journal.label, journal.seed, journal.number));
  std::filesystem::create_directories(file.parent_path());
  const size_t before = std::filesystem::exists(file) ? std::filesystem::file_size(file) : 0;
  std::ofstream(file, std::ios::binary | std::ios::app) << journal.text.text().substr(before, size - before);
}

void OutputFolder::put_exit(const std::string& label, int64_t seed, int64_t number,
                            const std::string& text) const {
  write_file(exit_file(attempt(label, seed, number)), text);
}

void OutputFolder::put_sweep(const SubmittedSweep& sweep) const {
  write_file(sweep_file(folder_, sweep.sweep.name), to_text(sweep));
}

void OutputFolder::revive(const std::string& label, int64_t seed, int64_t number) {
  alive_.insert(attempt(label, seed, number));
}

void OutputFolder::bury(const std::string& label, int64_t seed, int64_t number) {
  alive_.erase(attempt(label, seed, number));
}

Ingester OutputFolder::ingester() const {
  Ingester ingester(folder_, [this](const std::filesystem::path& folder) { return alive_.contains(folder); });
  sqlite3_exec(ingester.store().handle(), "PRAGMA synchronous = OFF", nullptr, nullptr, nullptr);
  return ingester;
}

std::string OutputFolder::dump() const {
  return canonical_dump(store());
}

std::string OutputFolder::dump_of_new() const {
  const auto database = database_file(folder_);
  const std::filesystem::path kept = database.string() + ".kept";
  std::filesystem::rename(database, kept);
  take_in();
  std::string text = dump();
  std::filesystem::rename(kept, database);
  return text;
}

std::vector<SmallJournal> small_journals() {
  const auto sft = small_stages("sft", 0)[0], reca = small_stages("reca", 0)[1];
  std::vector<SmallJournal> all;
  const auto begin = [&](const std::string& label, int64_t number, int64_t start) -> JournalText& {
    all.push_back({label, 0, number, JournalText(start)});
    return all.back().text.add(small_attempt(label, 0, number));
  };
  begin("sft", 1, 0)
      .add(StageBegin{sft.identity, "cpu: test", 0})
      .add(ProgressFrame{"train sft", 10, 100, "updates", "loss 2", 40, 0.25})
      .add(CurveFrame{sft.identity, {{1, "loss", 2.0}, {10, "loss", 1.75}}})
      .add(ResumePoint{sft.identity, 10, 40})
      .add(ProgressFrame{"train sft", 20, 100, "updates", "loss 1.5", 70, 0.3});
  begin("sft", 2, 100)
      .add(StageBegin{sft.identity, "cpu: test", 40})
      .add(CurveFrame{sft.identity, {{1, "loss", 2.0}, {10, "loss", 1.75}}})
      .add(small_stage_end(sft, 3600))
      .add_line("from_a_later_program", R"({"what": [1, 2]})")
      .add(small_evaluation_frame("sft0", {6, 4, 1}))
      .add(AttemptEnd{"complete", "", {small_evaluation("sft0").identity}});
  begin("reca", 1, 200)
      .add(small_stage_end(sft, 3600), StageEnd::kFound)
      .add(StageBegin{reca.identity, "cpu: test", 0})
      .add(CurveFrame{reca.identity, {{1, "loss", 2.0}}})
      .add(StageStop{reca.identity, "failed", "loss is not finite", {small_cost("train", 360)}})
      .add(AttemptEnd{"failed", "loss is not finite", {}});
  begin("reca", 2, 300)
      .add(small_stage_end(sft, 3600), StageEnd::kFound)
      .add(StageBegin{reca.identity, "cpu: test", 0})
      .add(small_stage_end(reca, 7200))
      .add(small_evaluation_frame("reca0", {8, 6, 5}))
      .add(EvaluationFound{small_evaluation("sft0").identity, "geneval"})
      .add(AttemptEnd{"complete", "", {small_evaluation("reca0").identity}});
  begin("base", 1, 400)
      .add(EvaluationFound{small_evaluation("sft0").identity, "geneval"})
      .add(small_evaluation_frame("base0", {4, 2, 1}))
      .add(AttemptEnd{"complete", "", {small_evaluation("base0").identity}});
  return all;
}

OutputFolder small_output(const TemporaryFolder& folder) {
  OutputFolder output(folder.path());
  output.put_sweep(small_sweep({{"base", 0}, {"sft", 0}, {"reca", 0}, {"reca", 1}}));
  for (const auto& journal : small_journals())
    output.put_journal(journal.label, journal.seed, journal.number, journal.text.text());
  output.put_exit("sft", 0, 1, "killed by signal 9\n");
  return output;
}

std::string canonical_dump(const Store& store) {
  std::string text;
  dump(store.handle(), [&](std::string_view line) { text += line; });
  return text;
}

}  // namespace umm::results
