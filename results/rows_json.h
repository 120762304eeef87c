// Rows as JSON, for journals and other files that the host keeps beside the database.
#pragma once

#include <cmath>
#include <nlohmann/json.hpp>

#include "results/store.h"
#include "results/submission.h"

namespace umm::results {

using Json = nlohmann::json;

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(SweepRow, name, description, spec_path, spec_text, created_utc)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(RunRow, identity, sweep, label, reference, architecture, method, seed,
                                   axes, replicate_axes, canonical_config, program_version, created_utc)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StageRow, identity, name, method, canonical_config)

// What is unknown is left out, and what an older program did not know is not there.
template <typename Number>
void put_known(Json& json, const char* name, const std::optional<Number>& value) {
  if (value) json[name] = *value;
}
template <typename Number>
void get_known(const Json& json, const char* name, std::optional<Number>& value) {
  const auto found = json.find(name);
  if (found != json.end() && !found->is_null()) value = found->template get<Number>();
}
inline void to_json(Json& json, const CostRow& row) {
  json = {{"phase", row.phase},
          {"device_seconds", row.device_seconds},
          {"device_name", row.device_name},
          {"num_devices", row.num_devices},
          {"peak_host_bytes", row.peak_host_bytes},
          {"peak_device_bytes", row.peak_device_bytes},
          {"images", row.images}};
  put_known(json, "energy_joules", row.energy_joules);
  put_known(json, "tokens", row.tokens);
  put_known(json, "model_flops", row.model_flops);
  if (row.judge_calls == 0) return;
  json["judge_calls"] = row.judge_calls;
  json["judge_tokens_in"] = row.judge_tokens_in;
  json["judge_tokens_out"] = row.judge_tokens_out;
}
inline void from_json(const Json& json, CostRow& row) {
  json.at("phase").get_to(row.phase);
  json.at("device_seconds").get_to(row.device_seconds);
  json.at("device_name").get_to(row.device_name);
  json.at("num_devices").get_to(row.num_devices);
  json.at("peak_host_bytes").get_to(row.peak_host_bytes);
  json.at("peak_device_bytes").get_to(row.peak_device_bytes);
  json.at("images").get_to(row.images);
  get_known(json, "energy_joules", row.energy_joules);
  get_known(json, "tokens", row.tokens);
  get_known(json, "model_flops", row.model_flops);
  row.judge_calls = json.value("judge_calls", int64_t{0});
  row.judge_tokens_in = json.value("judge_tokens_in", int64_t{0});
  row.judge_tokens_out = json.value("judge_tokens_out", int64_t{0});
}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TrainingTotals, micro_iterations, updates, images_seen)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ItemRow, item_id, tag, prompt, metadata)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(EvidenceRow, item_id, image_index, image_path, image_sha256,
                                                evidence_json, score, reason, status)

// [name, value, images, unscored]; the last two are absent where they were not recorded.
inline void to_json(Json& json, const ScoreRow& row) {
  json = {row.name, row.value};
  if (row.num_images && row.num_unscored) json.insert(json.end(), {*row.num_images, *row.num_unscored});
}
inline void from_json(const Json& json, ScoreRow& row) {
  json.at(0).get_to(row.name);
  json.at(1).get_to(row.value);
  if (json.size() < 4) return;
  row.num_images = json.at(2).get<int64_t>();
  row.num_unscored = json.at(3).get<int64_t>();
}

inline void to_json(Json& json, const EvaluationRow& row) {
  json = {{"identity", row.identity},
          {"name", row.name},
          {"benchmark", row.benchmark},
          {"protocol_hash", row.protocol_hash},
          {"protocol_text", row.protocol_text},
          {"sampling_text", row.sampling_text},
          {"evaluator_version", row.evaluator_version},
          {"detector_version", row.detector_version},
          {"weights", row.weights},
          {"checkpoint_path", row.checkpoint_path},
          {"checkpoint_hash", row.checkpoint_hash},
          {"created_utc", row.created_utc}};
}
// Without a name it is from before names were recorded, and "benchmark" is the name.
inline void from_json(const Json& json, EvaluationRow& row) {
  json.at("identity").get_to(row.identity);
  json.at("benchmark").get_to(row.benchmark);
  json.at("protocol_hash").get_to(row.protocol_hash);
  json.at("protocol_text").get_to(row.protocol_text);
  json.at("sampling_text").get_to(row.sampling_text);
  json.at("evaluator_version").get_to(row.evaluator_version);
  json.at("detector_version").get_to(row.detector_version);
  json.at("weights").get_to(row.weights);
  json.at("checkpoint_path").get_to(row.checkpoint_path);
  json.at("checkpoint_hash").get_to(row.checkpoint_hash);
  json.at("created_utc").get_to(row.created_utc);
  row.name = json.value("name", row.benchmark);
  if (json.contains("name")) return;
  const Json protocol = Json::parse(row.protocol_text, nullptr, /*allow_exceptions=*/false);
  if (!protocol.is_object()) return;
  const auto evaluator = protocol.find("evaluator");
  if (evaluator != protocol.end() && evaluator->is_string()) evaluator->get_to(row.benchmark);
}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(RunPlugin, kind, plugin, version, content_hash)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(RunSources, plugins, inputs, settings)

inline void to_json(Json& json, const SettingOrigin& setting) {
  json = {setting.key, setting.value, setting.origin};
}
inline void from_json(const Json& json, SettingOrigin& setting) {
  json.at(0).get_to(setting.key);
  json.at(1).get_to(setting.value);
  json.at(2).get_to(setting.origin);
}

// Without "git" the spec lies in no repository.
inline void to_json(Json& json, const Submission& from) {
  json = {{"host", from.host},
          {"devices", from.devices},
          {"program_version", from.program_version},
          {"torch_version", from.torch_version},
          {"overrides", from.overrides}};
  if (from.git_dirty)
    json["git"] = {{"commit", from.git_commit}, {"dirty", *from.git_dirty}, {"diff", from.git_diff}};
}
inline void from_json(const Json& json, Submission& from) {
  from.host = json.value("host", "");
  from.devices = json.value("devices", std::vector<std::string>{});
  from.program_version = json.value("program_version", "");
  from.torch_version = json.value("torch_version", "");
  from.overrides = json.value("overrides", std::vector<std::string>{});
  if (!json.contains("git")) return;
  from.git_commit = json["git"].value("commit", "");
  from.git_dirty = json["git"].value("dirty", false);
  from.git_diff = json["git"].value("diff", "");
}

// [update, name, value]; null: not a number.
inline void to_json(Json& json, const CurvePoint& point) {
  json = {point.update, point.name, std::isfinite(point.value) ? Json(point.value) : Json()};
}
inline void from_json(const Json& json, CurvePoint& point) {
  json.at(0).get_to(point.update);
  json.at(1).get_to(point.name);
  point.value = json.at(2).is_null() ? std::nan("") : json.at(2).get<double>();
}

}  // namespace umm::results
