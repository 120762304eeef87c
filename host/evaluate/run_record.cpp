#include "evaluate/run_record.h"

#include "process/owner.h"
#include "results/run_folder.h"

namespace umm {

results::RunRow run_row(const RunConfig& run, const std::string& program_version) {
  return {.identity = run.identity,
          .sweep = "",
          .label = run.label,
          .reference = run.reference,
          .architecture = run.architecture.id,
          .method = run.stages.empty() ? "" : run.stages.back().method.id,
          .seed = static_cast<int64_t>(run.seed),
          .axes = run.axes,
          .replicate_axes = run.replicate_axes,
          .canonical_config = run.canonical,
          .program_version = program_version};
}

std::vector<results::StageRow> stage_rows(const RunConfig& run) {
  std::vector<results::StageRow> rows;
  for (const auto& stage : run.stages)
    rows.push_back({stage.identity, stage.name, stage.method.id, stage.canonical});
  return rows;
}

RunRecord::RunRecord(const RunConfig& run, const std::filesystem::path& attempt_folder, int64_t number,
                     const std::string& program_version, ProgressOutput output)
    : folder_(attempt_folder), journal_(results::journal_file(attempt_folder)), progress_(std::move(output)) {
  const auto owner = ProcessOwner::of_this_process();
  results::AttemptFrame begin{
      number, run.name, owner.host, owner.process, run_row(run, program_version), stage_rows(run)};
  begin.run.created_utc = results::utc_text(results::wall_clock_ns());
  add(begin);
  progress_.record = [this](const results::ProgressFrame& frame) { add(frame, /*sync=*/false); };
}

void RunRecord::add_found(const results::StageEnd& stage) {
  journal_.write(results::StageEnd::kFound, results::to_payload(stage));
}

}  // namespace umm
