#include "tests/results/small_database.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <stdlib.h>

#include <cstdint>
#include <fstream>

#include "results/database.h"

namespace umm::results {
namespace {

constexpr const char* kTags[] = {"single_object", "counting", "color_attr"};
constexpr int kPromptsPerTag = 4, kPicturesPerPrompt = 2;

void put_small_run(Store& store, const std::string& label, int64_t seed, const std::vector<int>& right) {
  RunRow run = small_run(label, seed);
  store.put_run(run, small_stages(label, seed));
  for (const StageRow& stage : small_stages(label, seed)) {
    if (store.stage_complete(stage.identity)) continue;
    bool first_sft = stage.name == "sft" && seed == 0;
    if (first_sft) {
      store.interrupt_attempt(store.begin_attempt({stage.identity}), "failed", "loss is not finite",
                              {small_cost("train", 360)});
    }
    int64_t attempt = store.begin_attempt({stage.identity});
    store.finish_attempt(attempt, {200, 100, 4800}, {small_cost("train", stage.name == "sft" ? 3600 : 7200)},
                         {{1, "loss", 2.0}, {100, "loss", 1.0}});
  }
  store.put_evaluation(run.identity, small_evaluation(label + std::to_string(seed)), small_items(),
                       small_evidence(right), small_scores(right),
                       {small_cost("generate", 1800), small_cost("score", 180)});
}

void refuse(EvidenceRow& row) {
  row.score = 0;
  row.reason = "the judge refused";
  row.status = "refused";
}

void put_refused_pictures(Store& store, const std::string& label) {
  const std::vector<int> right = {4, 4, 4};
  EvaluationRow wise = small_evaluation(label + "0", "0000111122223333");
  wise.benchmark = wise.name = "wise";
  std::vector<EvidenceRow> evidence = small_evidence(right);
  refuse(evidence[evidence.size() - 2]);
  refuse(evidence.back());
  if (label == "reca") refuse(evidence.front());
  std::vector<ScoreRow> scores = small_scores(right);
  for (ScoreRow& score : scores) {
    score.num_images = 24;
    score.num_unscored = label == "reca" ? 3 : 2;
  }
  store.put_evaluation(small_run(label, 0).identity, wise, small_items(), evidence, scores, {});
}

// FNV-1a. What is drawn for the golden tables depends on it.
uint64_t hash_of(const std::string& text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "umm_results_XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder: " + pattern);
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::filesystem::remove_all(path_);
}

void write_file(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

std::string identity_of(const std::string& name) {
  return fmt::format("{0:016x}{0:016x}{0:016x}{0:016x}", hash_of(name));
}

RunRow small_run(const std::string& label, int64_t seed) {
  RunRow run;
  run.identity = identity_of(fmt::format("run {} {}", label, seed));
  run.sweep = "small";
  run.label = label;
  run.reference = label == "base";
  run.architecture = "showo";
  run.method = run.reference ? "" : label;
  run.seed = seed;
  run.axes = {{"method", label}, {"seed", std::to_string(seed)}};
  run.replicate_axes = {"seed"};
  run.canonical_config = "seed = " + std::to_string(seed);
  run.program_version = "0.1.0";
  return run;
}

std::vector<StageRow> small_stages(const std::string& label, int64_t seed) {
  if (label == "base") return {};
  std::vector<StageRow> stages{
      {identity_of(fmt::format("stage sft {}", seed)), "sft", "sft", "updates = 100"}};
  if (label == "reca") {
    stages.push_back({identity_of(fmt::format("stage reca {}", seed)), "reca", "reca", "updates = 100"});
  }
  return stages;
}

EvaluationRow small_evaluation(const std::string& name, const std::string& protocol) {
  EvaluationRow row;
  row.identity = identity_of("evaluation " + name + protocol);
  row.benchmark = "geneval";
  row.protocol_hash = protocol;
  row.protocol_text = "images_per_prompt = 2";
  row.sampling_text = "guidance_scale = 1\nsteps = 12";
  row.evaluator_version = "1";
  row.detector_version = "oracle 1";
  row.weights = "last";
  row.checkpoint_path = "checkpoints/" + name;
  row.checkpoint_hash = identity_of("checkpoint " + name);
  row.name = "geneval";
  return row;
}

std::vector<ItemRow> small_items() {
  std::vector<ItemRow> items;
  for (const char* tag : kTags) {
    for (int prompt = 0; prompt < kPromptsPerTag; ++prompt) {
      items.push_back({fmt::format("{:05}", items.size()), tag,
                       fmt::format("a picture of {} red circles ({})", prompt, tag),
                       fmt::format("{{\"tag\": \"{}\"}}", tag)});
    }
  }
  return items;
}

std::vector<EvidenceRow> small_evidence(const std::vector<int>& right) {
  std::vector<EvidenceRow> rows;
  std::vector<ItemRow> items = small_items();
  for (size_t i = 0; i < items.size(); ++i) {
    for (int image = 0; image < kPicturesPerPrompt; ++image) {
      int place = static_cast<int>(i) % kPromptsPerTag * kPicturesPerPrompt + image;
      bool is_right = place < right[i / kPromptsPerTag];
      rows.push_back({items[i].item_id, image, fmt::format("images/{}_{}.png", items[i].item_id, image),
                      identity_of(fmt::format("image {} {}", i, image)), "{\"objects\": []}",
                      is_right ? 1.0 : 0.0, is_right ? "" : "expected 1 circle, found 0"});
    }
  }
  return rows;
}

std::vector<ScoreRow> small_scores(const std::vector<int>& right) {
  std::vector<ScoreRow> scores;
  double sum = 0;
  for (size_t tag = 0; tag < right.size(); ++tag) {
    scores.push_back({kTags[tag], right[tag] / 8.0});
    sum += right[tag] / 8.0;
  }
  scores.push_back({"overall", sum / static_cast<double>(right.size())});
  return scores;
}

CostRow small_cost(const std::string& phase, double device_seconds) {
  return {phase, device_seconds, "cpu: test x2 threads", 1, 1'000'000, 0, 24};
}

void fill_small_database(Store& store) {
  store.put_sweep({"small", "three rows", "small.toml", "name = \"small\""});
  put_small_run(store, "base", 0, {4, 2, 1});
  put_small_run(store, "sft", 0, {6, 4, 1});
  put_small_run(store, "sft", 1, {6, 2, 1});
  put_small_run(store, "reca", 0, {8, 6, 5});
  put_small_run(store, "reca", 1, {8, 8, 7});
}

void put_second_sweep(Store& store) {
  store.put_sweep({"again", "the same rows", "again.toml", "name = \"again\""});
  for (const char* label : {"base", "sft", "reca"}) {
    const bool is_base = label == std::string("base");
    for (int64_t seed = 0; seed < (is_base ? 1 : 2); ++seed) {
      RunRow run = small_run(label, seed);
      run.sweep = "again";
      store.put_run(run, small_stages(label, seed));
      EvaluationRow dpg = small_evaluation(label + std::to_string(seed), "ddddeeeeffff0000");
      dpg.benchmark = dpg.name = "dpg";
      const std::vector<int> right = is_base ? std::vector{4, 4, 4} : std::vector{2, 2, 2};
      store.put_evaluation(run.identity, dpg, small_items(), small_evidence(right), small_scores(right), {});
    }
  }
  put_refused_pictures(store, "sft");
  put_refused_pictures(store, "reca");
  execute(store.handle(),
          "UPDATE judgement SET image_path = (SELECT benchmark || '/' || substr(checkpoint_path, 13) || '/' "
          "FROM evaluation_prompt AS asked JOIN evaluation ON evaluation.id = asked.evaluation_id "
          "WHERE asked.id = item_row_id) || image_path",
          "preparing a test");
}

Store open_small_database(const TemporaryFolder& folder) {
  static const TemporaryFolder kept;
  std::string original = kept / "results.sqlite", copy = folder / "results.sqlite";
  if (!std::filesystem::exists(original)) {
    Store store = Store::open(original);
    fill_small_database(store);
  }
  std::filesystem::copy_file(original, copy);
  return Store::open(copy);
}

std::string query(const Store& store, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(store.handle(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
    throw std::runtime_error(sqlite3_errmsg(store.handle()));
  }
  std::string value = "(no row)";
  if (sqlite3_step(statement) == SQLITE_ROW) {
    const unsigned char* text = sqlite3_column_text(statement, 0);
    value = text == nullptr ? "(null)" : reinterpret_cast<const char*>(text);
  }
  sqlite3_finalize(statement);
  return value;
}

}  // namespace umm::results
