#include "train/checkpoint_folder.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "loader/hash.h"
#include "train/files.h"
#include "umm/capabilities.h"
#include "umm/error.h"
#include "umm/file.h"

namespace umm {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* kManifest = "checkpoint.json";
constexpr int kFormat = 1;

std::string lines(const std::vector<std::string>& items) {
  std::string text;
  for (const auto& item : items) text += "\n  " + item;
  return text;
}

Checkpoint parse_manifest(const fs::path& folder, const Json& json) {
  UMM_CHECK_INPUT(json.at("format") == kFormat, "format ", json.at("format").dump(),
                  " is not known here, expected ", kFormat, ": a newer program wrote it");
  Checkpoint checkpoint;
  checkpoint.folder = folder;
  checkpoint.stage_identity = json.at("stage");
  checkpoint.seed = json.at("seed");
  checkpoint.updates = json.at("updates");
  for (const auto& [component, file] : json.at("components").items()) {
    const fs::path path = folder / file.at("file").get<std::string>();
    checkpoint.files.push_back({component, path.lexically_normal(), file.at("sha256")});
  }
  return checkpoint;
}

Checkpoint scan_folder(const fs::path& folder) {
  Checkpoint checkpoint;
  checkpoint.folder = folder;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const bool is_ours = entry.path().extension() == ".safetensors";
    const bool is_hidden = entry.path().filename().string().starts_with(".");
    if (is_ours || (entry.is_directory() && !is_hidden))
      checkpoint.files.push_back({entry.path().stem().string(), entry.path(), ""});
  }
  UMM_CHECK_INPUT(!checkpoint.files.empty(), folder.string(),
                  ": expected a checkpoint folder, found neither ", kManifest,
                  " nor a component's .safetensors file or folder in it");
  std::sort(checkpoint.files.begin(), checkpoint.files.end(),
            [](const CheckpointFile& a, const CheckpointFile& b) { return a.component < b.component; });
  return checkpoint;
}

std::string hash_of(const CheckpointFile& file) {
  return file.is_official() ? hash_folder(file.path) : hash_file(file.path);
}

// A file that was referenced must still be the one that was referenced.
void check_file(const Checkpoint& checkpoint, const CheckpointFile& file) {
  const auto asked_by = (checkpoint.folder / kManifest).string();
  UMM_CHECK_INPUT(fs::exists(file.path), file.path.string(), ": not there, but ", asked_by,
                  " needs it; restore it, or delete the stage's folder to train again");
  if (file.sha256.empty()) return;
  const auto found = hash_of(file);
  UMM_CHECK_INPUT(found == file.sha256, file.path.string(), ": damaged or changed: its SHA-256 is ", found,
                  ", but ", asked_by, " says ", file.sha256);
}

std::map<std::string, std::vector<NamedTensor>> by_component(const std::vector<Parameter>& parameters) {
  std::map<std::string, std::vector<NamedTensor>> components;
  for (const auto& parameter : parameters)
    components[parameter.component].push_back({parameter.name, parameter.value});
  return components;
}

std::vector<NamedTensor> tensors_to_save(const std::string& component,
                                         const std::vector<Parameter>& parameters,
                                         const CheckpointContent& content) {
  std::map<std::string, Tensor> values;
  const auto* earlier = content.earlier ? content.earlier->find(component) : nullptr;
  if (earlier && !earlier->is_official()) {
    for (auto& [name, value] : read_safetensors(earlier->path.string())) values[name] = value;
  }
  for (const auto& trained : content.trained) {
    if (trained.component == component) values[trained.name] = trained.value.detach().cpu();
  }
  std::vector<NamedTensor> tensors;
  for (const auto& parameter : parameters) {
    if (parameter.component != component) continue;
    const auto known = values.find(parameter.name);
    tensors.push_back(
        {parameter.name, known != values.end() ? known->second : parameter.value.detach().cpu()});
  }
  return tensors;
}

}  // namespace

const CheckpointFile* Checkpoint::find(const std::string& component) const {
  const auto found = std::find_if(files.begin(), files.end(),
                                  [&](const CheckpointFile& file) { return file.component == component; });
  return found == files.end() ? nullptr : &*found;
}

fs::path stage_folder(const fs::path& output, const std::string& identity) {
  return output / "stages" / identity.substr(0, 16);
}

Checkpoint read_checkpoint(const fs::path& folder) {
  UMM_CHECK_INPUT(fs::is_directory(folder), folder.string(), ": expected a checkpoint folder, found none");
  const fs::path manifest = folder / kManifest;
  if (!fs::exists(manifest)) return scan_folder(folder);
  try {
    return parse_manifest(folder, Json::parse(read_file(manifest)));
  } catch (const Json::exception& error) {
    throw InputError(detail::concat(manifest.string(), ": not a checkpoint manifest: ", error.what()));
  } catch (const InputError& error) {
    throw InputError(detail::concat(manifest.string(), ": ", error.what()));
  }
}

std::string content_hash(const Checkpoint& checkpoint) {
  std::string text;
  for (const auto& file : checkpoint.files) {
    text += file.component + " " + (file.sha256.empty() ? hash_of(file) : file.sha256) + "\n";
  }
  return hash_text(text);
}

void load_weights(Architecture& model, const Checkpoint& checkpoint) {
  const auto components = by_component(model.parameters());
  WeightLoader loader;
  for (const auto& [component, tensors] : components) {
    const auto* file = checkpoint.find(component);
    if (!file) {
      loader.add_problem(detail::concat((checkpoint.folder / (component + ".safetensors")).string(),
                                        ": missing file with ", tensors.size(), " tensors"));
      continue;
    }
    check_file(checkpoint, *file);
    const std::string path = file->path.string();
    if (file->is_official())
      require<OfficialWeights>(model).load_official(component, path, loader);
    else
      loader.add(path, std::make_shared<SafetensorsFile>(path), tensors);
  }
  for (const auto& file : checkpoint.files) {
    if (!components.contains(file.component)) {
      loader.add_problem(file.path.string() + ": unexpected file, the model has no component of this name");
    }
  }
  UMM_CHECK_INPUT(loader.problems().empty(), checkpoint.folder.string(), ": does not fit the model, ",
                  loader.problems().size(),
                  " problems; check the architecture's preset against the checkpoint",
                  lines(loader.problems()));
  loader.copy();
}

void save_checkpoint(const fs::path& folder, Architecture& model, const CheckpointContent& content) {
  const auto parameters = model.parameters();
  std::set<std::string> written;
  for (const auto& trained : content.trained) written.insert(trained.component);
  PendingFolder pending(folder);
  Json components = Json::object();
  for (const auto& [component, named] : by_component(parameters)) {
    const auto* earlier = content.earlier ? content.earlier->find(component) : nullptr;
    if (earlier && !written.contains(component)) {
      const auto relative =
          fs::absolute(earlier->path).lexically_relative(fs::absolute(folder).lexically_normal());
      const auto hash = earlier->sha256.empty() ? hash_of(*earlier) : earlier->sha256;
      components[component] = {{"file", relative.generic_string()}, {"sha256", hash}};
    } else {
      const std::string name = component + ".safetensors";
      write_safetensors((pending.path() / name).string(), tensors_to_save(component, parameters, content));
      components[component] = {{"file", name}, {"sha256", hash_file(pending.path() / name)}};
    }
  }
  for (const auto& [name, text] : content.text_files) write_text_file(pending.path() / name, text);
  const Json manifest = {{"format", kFormat},
                         {"stage", content.stage_identity},
                         {"seed", content.seed},
                         {"updates", content.updates},
                         {"components", components}};
  write_text_file(pending.path() / kManifest, manifest.dump(2) + "\n");
  pending.commit();
}

}  // namespace umm
