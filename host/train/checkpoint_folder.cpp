#include "train/checkpoint_folder.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "loader/hash.h"
#include "train/files.h"
#include "umm/checkpoint.h"
#include "umm/error.h"

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
    if (entry.path().extension() == ".safetensors") {
      checkpoint.files.push_back({entry.path().stem().string(), entry.path(), ""});
    }
  }
  UMM_CHECK_INPUT(!checkpoint.files.empty(), folder.string(),
                  ": expected a checkpoint folder, found neither ", kManifest,
                  " nor a .safetensors file in it");
  std::sort(checkpoint.files.begin(), checkpoint.files.end(),
            [](const CheckpointFile& a, const CheckpointFile& b) { return a.component < b.component; });
  return checkpoint;
}

// A file that was referenced must still be the one that was referenced.
void check_file(const Checkpoint& checkpoint, const CheckpointFile& file) {
  const auto asked_by = (checkpoint.folder / kManifest).string();
  UMM_CHECK_INPUT(fs::is_regular_file(file.path), file.path.string(), ": not there, but ", asked_by,
                  " needs it; restore it, or delete the stage's folder to train again");
  if (file.sha256.empty()) return;
  const auto found = hash_file(file.path);
  UMM_CHECK_INPUT(found == file.sha256, file.path.string(), ": damaged or changed: its SHA-256 is ", found,
                  ", but ", asked_by, " says ", file.sha256);
}

const char* kind_of_number(at::ScalarType dtype) {
  if (at::isFloatingType(dtype)) return "floating point";
  return dtype == at::kBool ? "boolean" : "integer";
}

using Named = std::map<std::string, const Parameter*>;
using Copies = std::vector<std::pair<Tensor, Tensor>>;  // target, source

void match(const std::string& file, Named wanted, const std::vector<NamedTensor>& found, Copies& copies,
           std::vector<std::string>& problems) {
  for (const auto& [name, value] : found) {
    const auto entry = wanted.find(name);
    if (entry == wanted.end()) {
      problems.push_back(detail::concat(file, ": unexpected tensor `", name, "` ", value.sizes()));
      continue;
    }
    const Tensor& target = entry->second->value;
    if (value.sizes() != target.sizes()) {
      problems.push_back(detail::concat(file, ": `", name, "` has shape ", value.sizes(), ", the model has ",
                                        target.sizes()));
    } else if (kind_of_number(value.scalar_type()) != kind_of_number(target.scalar_type())) {
      problems.push_back(detail::concat(file, ": `", name, "` is ", kind_of_number(value.scalar_type()),
                                        ", the model's is ", kind_of_number(target.scalar_type())));
    } else {
      copies.emplace_back(target, value);
    }
    wanted.erase(entry);
  }
  for (const auto& [name, parameter] : wanted) {
    problems.push_back(detail::concat(file, ": missing tensor `", name, "` ", parameter->value.sizes()));
  }
}

std::map<std::string, Named> by_component(const std::vector<Parameter>& parameters) {
  std::map<std::string, Named> components;
  for (const auto& parameter : parameters) components[parameter.component][parameter.name] = &parameter;
  return components;
}

std::vector<NamedTensor> tensors_to_save(const std::string& component,
                                         const std::vector<Parameter>& parameters,
                                         const CheckpointContent& content) {
  std::map<std::string, Tensor> values;
  const auto* earlier = content.earlier ? content.earlier->find(component) : nullptr;
  if (earlier) {
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

Checkpoint read_checkpoint(const fs::path& folder) {
  UMM_CHECK_INPUT(fs::is_directory(folder), folder.string(), ": expected a checkpoint folder, found none");
  const fs::path manifest = folder / kManifest;
  if (!fs::exists(manifest)) return scan_folder(folder);
  try {
    return parse_manifest(folder, Json::parse(read_text_file(manifest)));
  } catch (const Json::exception& error) {
    throw InputError(detail::concat(manifest.string(), ": not a checkpoint manifest: ", error.what()));
  } catch (const InputError& error) {
    throw InputError(detail::concat(manifest.string(), ": ", error.what()));
  }
}

std::string content_hash(const Checkpoint& checkpoint) {
  std::string text;
  for (const auto& file : checkpoint.files) {
    text += file.component + " " + (file.sha256.empty() ? hash_file(file.path) : file.sha256) + "\n";
  }
  return hash_text(text);
}

void load_weights(Architecture& model, const Checkpoint& checkpoint) {
  const auto parameters = model.parameters();
  const auto components = by_component(parameters);
  std::vector<std::string> problems;
  Copies copies;
  for (const auto& [component, named] : components) {
    const auto* file = checkpoint.find(component);
    if (!file) {
      problems.push_back(detail::concat((checkpoint.folder / (component + ".safetensors")).string(),
                                        ": missing file with ", named.size(), " tensors"));
      continue;
    }
    check_file(checkpoint, *file);
    match(file->path.string(), named, read_safetensors(file->path.string()), copies, problems);
  }
  for (const auto& file : checkpoint.files) {
    if (!components.contains(file.component)) {
      problems.push_back(file.path.string() + ": unexpected file, the model has no component of this name");
    }
  }
  UMM_CHECK_INPUT(problems.empty(), checkpoint.folder.string(), ": does not fit the model, ", problems.size(),
                  " problems; check the architecture's preset against the checkpoint", lines(problems));
  const at::NoGradGuard no_grad;
  for (auto& [target, source] : copies) target.copy_(source);
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
      const auto hash = earlier->sha256.empty() ? hash_file(earlier->path) : earlier->sha256;
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
