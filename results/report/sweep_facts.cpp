#include "results/report/sweep_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

#include "results/database.h"

namespace umm::results {
namespace {

// Its place.
size_t add_once(std::vector<std::string>& texts, const std::string& text) {
  const auto place = static_cast<size_t>(std::find(texts.begin(), texts.end(), text) - texts.begin());
  if (place == texts.size()) texts.push_back(text);
  return place;
}

SweepRow read_sweep(const Store& store, const std::string& sweep) {
  Statement one(store.handle(),
                "SELECT name, description, spec_path, spec_text, created_utc FROM sweep WHERE name = ?");
  if (!one.bind(sweep).step()) {
    throw StoreError(fmt::format("{}: there is no sweep '{}'; the database has: {}",
                                 sqlite3_db_filename(store.handle(), "main"), sweep,
                                 fmt::join(store.sweeps(), ", ")));
  }
  SweepRow row;
  row.name = one.text(0);
  row.description = one.text(1);
  row.spec_path = one.text(2);
  row.spec_text = one.text(3);
  row.created_utc = one.text(4);
  return row;
}

std::vector<RunFacts> read_runs(const Store& store, const std::string& sweep) {
  Statement row(store.handle(),
                "SELECT runs.label, runs.reference, runs.status, coalesce(runs.error, ''), "
                "runs.run_identity, runs.architecture, runs.method, runs.seed, run.program_version, "
                "run.canonical_config, runs.updates, runs.images_seen, costs.train_device_hours, "
                "costs.eval_device_hours, costs.wasted_device_hours "
                "FROM runs JOIN run ON run.identity = runs.run_identity "
                "JOIN costs ON costs.run_identity = runs.run_identity AND costs.sweep = runs.sweep "
                "WHERE runs.sweep = ? ORDER BY runs.position");
  row.bind(sweep);
  std::vector<RunFacts> runs;
  while (row.step()) {
    RunFacts& run = runs.emplace_back();
    run.label = row.text(0);
    run.reference = row.integer(1) != 0;
    run.status = row.text(2);
    run.error = row.text(3);
    run.identity = row.text(4);
    run.architecture = row.text(5);
    run.method = row.text(6);
    run.seed = row.integer(7);
    run.program_version = row.text(8);
    run.canonical_config = row.text(9);
    run.updates = row.integer(10);
    run.images_seen = row.integer(11);
    run.train_hours = row.real(12);
    run.eval_hours = row.real(13);
    run.wasted_hours = row.real(14);
  }
  return runs;
}

std::vector<StageFacts> read_stages(const Store& store, const std::string& sweep) {
  Statement row(store.handle(),
                "SELECT stage.name, stage.method, stage.identity, stage.canonical_config FROM stage "
                "JOIN run_stage ON run_stage.stage_id = stage.id JOIN sweep_run USING (run_id) "
                "JOIN sweep ON sweep.id = sweep_run.sweep_id WHERE sweep.name = ? "
                "GROUP BY stage.id ORDER BY min(sweep_run.position * 1000 + run_stage.position)");
  row.bind(sweep);
  std::vector<StageFacts> stages;
  while (row.step()) stages.push_back({row.text(0), row.text(1), row.text(2), row.text(3)});
  return stages;
}

std::vector<LostAttempt> read_lost(const Store& store, const std::string& sweep) {
  Statement row(store.handle(),
                "SELECT stage.name, attempt.status, coalesce(attempt.error, ''), attempt.host, "
                "attempt.started_utc, coalesce(attempt.finished_utc, ''), sweep_run.label, run.seed, "
                "(SELECT total(device_seconds) / 3600 FROM cost WHERE attempt_id = attempt.id), "
                "min(sweep_run.position) "
                "FROM attempt JOIN stage ON stage.id = attempt.stage_id "
                "JOIN run_stage ON run_stage.stage_id = stage.id "
                "JOIN sweep_run ON sweep_run.run_id = run_stage.run_id "
                "JOIN run ON run.id = sweep_run.run_id JOIN sweep ON sweep.id = sweep_run.sweep_id "
                "WHERE sweep.name = ? AND attempt.status IN ('failed', 'interrupted') "
                "GROUP BY attempt.id ORDER BY attempt.started_utc, attempt.id");
  row.bind(sweep);
  std::vector<LostAttempt> lost;
  while (row.step()) {
    lost.push_back({row.text(0), row.text(1), row.text(2), row.text(3), row.text(4), row.text(5), row.text(6),
                    row.integer(7), row.real(8)});
  }
  return lost;
}

// A database of before journals has no table of them.
std::vector<std::string> read_problems(const Store& store, const std::string& sweep) {
  std::vector<std::string> problems;
  if (!has_table(store.handle(), "journal")) return problems;
  Statement row(store.handle(),
                "SELECT sweep_run.label, run.seed, journal.number, journal.problem FROM journal "
                "JOIN run ON run.id = journal.run_id JOIN sweep_run ON sweep_run.run_id = run.id "
                "JOIN sweep ON sweep.id = sweep_run.sweep_id "
                "WHERE sweep.name = ? AND journal.problem <> '' ORDER BY sweep_run.position, journal.number");
  row.bind(sweep);
  while (row.step())
    problems.push_back(
        fmt::format("{}, seed {}, attempt {}: {}", row.text(0), row.integer(1), row.integer(2), row.text(3)));
  return problems;
}

// Views of older databases lack the last columns.
std::vector<PhaseCost> read_costs(const Store& store, const std::string& sweep) {
  struct Column {
    const char* name;
    std::optional<double> PhaseCost::*value;
  };
  constexpr Column kLater[] = {
      {"energy_joules", &PhaseCost::energy_joules},     {"tokens", &PhaseCost::tokens},
      {"model_flops", &PhaseCost::model_flops},         {"judge_calls", &PhaseCost::judge_calls},
      {"judge_tokens_in", &PhaseCost::judge_tokens_in}, {"judge_tokens_out", &PhaseCost::judge_tokens_out}};
  std::string columns;
  for (const Column& column : kLater)
    columns +=
        has_column(store.handle(), "sweep_costs", column.name) ? fmt::format(", {}", column.name) : ", NULL";
  Statement row(store.handle(),
                "SELECT kind, phase, device_name, device_hours, images, peak_host_bytes, peak_device_bytes" +
                    columns +
                    " FROM sweep_costs WHERE sweep = ? ORDER BY kind = 'wasted', kind = 'eval', phase");
  row.bind(sweep);
  std::vector<PhaseCost> costs;
  while (row.step()) {
    PhaseCost& cost = costs.emplace_back(PhaseCost{row.text(0), row.text(1), row.text(2), row.real(3),
                                                   row.integer(4), row.integer(5), row.integer(6)});
    for (int at = 7; const Column& column : kLater) {
      if (!row.is_null(at)) cost.*column.value = row.real(at);
      ++at;
    }
    if (cost.judge_calls == 0.0)
      cost.judge_calls = cost.judge_tokens_in = cost.judge_tokens_out = std::nullopt;
  }
  return costs;
}

std::vector<ProtocolFacts> read_protocols(const Store& store, const std::string& sweep) {
  Statement row(store.handle(),
                "SELECT evaluation.benchmark, evaluation.protocol_hash, evaluation.protocol_text, "
                "evaluation.evaluator_version, evaluation.detector_version, evaluation.sampling_text "
                "FROM sweep JOIN sweep_run ON sweep_run.sweep_id = sweep.id "
                "JOIN run_evaluation USING (run_id) "
                "JOIN evaluation ON evaluation.id = run_evaluation.evaluation_id "
                "WHERE sweep.name = ? ORDER BY sweep_run.position, evaluation.id");
  row.bind(sweep);
  std::vector<ProtocolFacts> protocols;
  while (row.step()) {
    auto known = std::find_if(protocols.begin(), protocols.end(),
                              [&](const ProtocolFacts& facts) { return facts.hash == row.text(1); });
    if (known == protocols.end())
      known = protocols.insert(known, {row.text(0), row.text(1), row.text(2), {}, {}, {}});
    add_once(known->evaluators, row.text(3));
    add_once(known->detectors, row.text(4));
    add_once(known->samplings, row.text(5));
  }
  return protocols;
}

}  // namespace

SweepFacts read_sweep_facts(const Store& store, const std::string& sweep) {
  SweepFacts facts{read_sweep(store, sweep),  read_runs(store, sweep),     {},
                   read_stages(store, sweep), read_lost(store, sweep),     read_problems(store, sweep),
                   read_costs(store, sweep),  read_protocols(store, sweep)};
  for (RunFacts& run : facts.runs) run.row = add_once(facts.labels, run.label);
  return facts;
}

std::vector<RunCurve> read_curves(const Store& store, const SweepFacts& facts) {
  Statement row(store.handle(),
                "SELECT run_stage.position, curve.name, curve.at_update, curve.value, attempt.updates, "
                "attempt.status FROM run JOIN run_stage ON run_stage.run_id = run.id "
                // Of a stage that is not complete what there is so far, or as far as it came.
                "JOIN attempt ON attempt.id = (SELECT id FROM attempt AS one "
                "WHERE one.stage_id = run_stage.stage_id ORDER BY status = 'complete' DESC, "
                "status = 'running' DESC, started_utc DESC, id DESC LIMIT 1) "
                "JOIN curve ON curve.attempt_id = attempt.id WHERE run.identity = ? "
                "ORDER BY run_stage.position, curve.name, curve.at_update");
  std::vector<RunCurve> curves;
  for (const RunFacts& run : facts.runs) {
    std::map<std::string, RunCurve> of_run;
    int64_t stage = -1, before = 0, updates = 0;
    row.bind(run.identity);
    while (row.step()) {
      if (row.integer(0) != stage) {
        before += updates;
        stage = row.integer(0);
        updates = row.integer(4);
      }
      const std::string name = row.text(1);
      RunCurve& curve = of_run.try_emplace(name, RunCurve{name, run.row, run.seed}).first->second;
      curve.status = row.text(5);
      curve.points.emplace_back(static_cast<double>(before + row.integer(2)),
                                row.is_null(3) ? std::numeric_limits<double>::quiet_NaN() : row.real(3));
    }
    for (auto& [name, curve] : of_run) curves.push_back(std::move(curve));
  }
  const auto rank = [](const RunCurve& curve) {
    return std::pair(curve.name == "loss" ? 0 : curve.name.starts_with("loss") ? 1 : 2, curve.name);
  };
  std::stable_sort(curves.begin(), curves.end(),
                   [&](const RunCurve& a, const RunCurve& b) { return rank(a) < rank(b); });
  return curves;
}

}  // namespace umm::results
