// From journals to the database; items_per_second: rows of evidence. 553 prompts per evaluation, four
// pictures each, evidence of the size that GenEval's detector leaves. With UMM_BENCHMARK_MILLION, a million
// rows.
#include <benchmark/benchmark.h>

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "benchmarks/temporary_folder.h"
#include "results/ingest.h"
#include "results/journal.h"
#include "results/run_folder.h"

namespace umm::results {
namespace {

namespace fs = std::filesystem;

constexpr int kPrompts = 553, kPictures = 4;

std::string identity_of(int64_t number) {
  return fmt::format("{:016x}{:048x}", number, 0);
}

EvaluationFrame evaluation(int64_t number) {
  EvaluationFrame frame;
  frame.evaluation = {.identity = identity_of(number),
                      .benchmark = "geneval",
                      .protocol_hash = "p",
                      .protocol_text = "images_per_prompt = 4",
                      .sampling_text = "steps = 12",
                      .evaluator_version = "1",
                      .detector_version = "1",
                      .weights = "last",
                      .checkpoint_path = "stages/0/last",
                      .checkpoint_hash = identity_of(number)};
  const std::string seen =
      R"({"objects":[{"class":"bench","box":[12.5,80.25,401.0,388.5],"score":0.913,"color":"red"},)"
      R"({"class":"dog","box":[220.0,130.75,505.5,490.0],"score":0.877,"color":"brown"}],"threshold":0.3})";
  for (int prompt = 0; prompt < kPrompts; ++prompt) {
    const std::string id = fmt::format("{:05}", prompt);
    frame.items.push_back(
        {id, "two_object", "a photo of a bench and a dog",
         R"({"tag":"two_object","include":[{"class":"bench","count":1},{"class":"dog"}]})"});
    for (int picture = 0; picture < kPictures; ++picture)
      frame.evidence.push_back({id, picture, usual_image_path(frame.evaluation.identity, id, picture),
                                identity_of(prompt), seen, picture % 2 * 1.0,
                                picture % 2 == 0 ? "expected dog>=1, found 0" : ""});
  }
  frame.scores = {{"two_object", 0.5}, {"overall", 0.5}};
  frame.costs = {{"generate", 100, "cpu", 1, 1, 0, kPrompts * kPictures}};
  return frame;
}

// `evaluations` runs without training, one evaluation each. Returns the rows of evidence.
int64_t write_journals(const fs::path& output, int64_t evaluations) {
  for (int64_t number = 1; number <= evaluations; ++number) {
    AttemptFrame begin{.number = 1, .name = "base", .host = "node7", .process = 1, .run = {}, .stages = {}};
    begin.run.identity = identity_of(number);
    begin.run.architecture = "showo";
    begin.run.seed = number;
    const auto folder = attempt_folder(run_folder(output, begin.run.identity), 1);
    fs::create_directories(folder);
    JournalWriter journal(journal_file(folder));
    journal.write(AttemptFrame::kType, to_payload(begin), false);
    journal.write(EvaluationFrame::kType, to_payload(evaluation(number)), false);
    journal.write(AttemptEnd::kType, to_payload(AttemptEnd{"complete", "", {identity_of(number)}}), false);
  }
  return evaluations * kPrompts * kPictures;
}

// A new database from all journals.
void make_database(benchmark::State& state) {
  const TemporaryFolder folder;
  const int64_t rows = write_journals(folder.path(), state.range(0));
  for (auto _ : state) {
    Ingester ingester(folder.path(), [](const fs::path&) { return false; });
    const auto report = ingester.take_in();
    if (!report.problems.empty()) state.SkipWithError(report.problems[0].c_str());
    state.PauseTiming();
    fs::remove(database_file(folder.path()));
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * rows);
}

// A pass that finds nothing new, as `ummbench status` makes them; items: journals.
void find_nothing_new(benchmark::State& state) {
  const TemporaryFolder folder;
  write_journals(folder.path(), state.range(0));
  const auto dead = [](const fs::path&) { return false; };
  Ingester(folder.path(), dead).take_in();
  for (auto _ : state) Ingester(folder.path(), dead).take_in();
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

const bool kMillion = std::getenv("UMM_BENCHMARK_MILLION") != nullptr;

BENCHMARK(make_database)->Arg(kMillion ? 452 : 4)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(find_nothing_new)->Arg(8)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace umm::results
