#include "bundle/manifest.h"

#include <nlohmann/json.hpp>
#include <set>

#include "bundle/archive.h"
#include "loader/hash.h"
#include "train/files.h"
#include "umm/error.h"
#include "umm/file.h"

namespace umm {

using Json = nlohmann::json;

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(BundleFile, name, bytes, sha256)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(BundleInput, path, content_hash, place)

namespace {

namespace fs = std::filesystem;

constexpr int kFormat = 1;

Json to_json(const results::RunPlugin& plugin) {
  return {{"kind", plugin.kind},
          {"plugin", plugin.plugin},
          {"version", plugin.version},
          {"content_hash", plugin.content_hash}};
}

BundleManifest from_json(const Json& json) {
  BundleManifest manifest;
  manifest.program_version = json.at("program_version");
  manifest.schema_version = json.at("schema_version");
  manifest.sweep = json.at("sweep");
  manifest.spec = json.at("spec");
  manifest.spec_files = json.at("spec_files").get<std::map<std::string, std::string>>();
  manifest.recipes = json.at("recipes").get<std::vector<std::string>>();
  manifest.submitted.program_version = json.at("submitted").at("program_version");
  manifest.submitted.torch_version = json.at("submitted").at("torch_version");
  manifest.submitted.overrides = json.at("submitted").at("overrides").get<std::vector<std::string>>();
  for (const auto& plugin : json.at("plugins"))
    manifest.plugins.push_back(
        {plugin.at("kind"), plugin.at("plugin"), plugin.at("version"), plugin.at("content_hash")});
  manifest.inputs = json.at("inputs").get<std::vector<BundleInput>>();
  manifest.files = json.at("files").get<std::vector<BundleFile>>();
  return manifest;
}

// A manifest may come from anywhere, and its names become paths.
void check_names(const BundleManifest& manifest, const std::string& file) {
  const auto check = [&](const std::string& name) {
    UMM_CHECK_INPUT(is_safe_name(name), file, ": names \"", name, "\", which would lead out of the bundle");
  };
  for (const auto& entry : manifest.files) check(entry.name);
  for (const auto& [path, name] : manifest.spec_files) check(name);
  for (const auto& name : manifest.recipes) check(name);
  for (const auto& input : manifest.inputs)
    if (!input.place.empty()) check(input.place);
  check(manifest.spec);
}

}  // namespace

std::string to_text(const BundleManifest& manifest) {
  Json plugins = Json::array();
  for (const auto& plugin : manifest.plugins) plugins.push_back(to_json(plugin));
  const Json json = {{"format", kFormat},
                     {"program_version", manifest.program_version},
                     {"schema_version", manifest.schema_version},
                     {"sweep", manifest.sweep},
                     {"spec", manifest.spec},
                     {"spec_files", manifest.spec_files},
                     {"recipes", manifest.recipes},
                     {"submitted",
                      {{"program_version", manifest.submitted.program_version},
                       {"torch_version", manifest.submitted.torch_version},
                       {"overrides", manifest.submitted.overrides}}},
                     {"plugins", plugins},
                     {"inputs", manifest.inputs},
                     {"files", manifest.files}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

BundleManifest manifest_from_text(const std::string& text, const std::string& file) {
  try {
    const Json json = Json::parse(text);
    const int format = json.at("format");
    UMM_CHECK_INPUT(format == kFormat, file, ": is of format ", format, ", this ummbench reads format ",
                    kFormat, "; use the ummbench that made it, or a newer one");
    BundleManifest manifest = from_json(json);
    check_names(manifest, file);
    return manifest;
  } catch (const Json::exception& error) {
    throw InputError(file + ": this is no manifest of a bundle: " + error.what());
  }
}

BundleManifest read_bundle_folder(const fs::path& folder) {
  const fs::path file = folder / kManifestName;
  BundleManifest manifest = manifest_from_text(read_file(file), file.string());
  std::set<std::string> known = {kManifestName};
  for (const auto& entry : manifest.files) {
    const fs::path path = folder / entry.name;
    UMM_CHECK_INPUT(fs::is_regular_file(fs::symlink_status(path)), path.string(),
                    ": is missing, but the manifest names it; the bundle is not whole");
    const std::string found = hash_file(path);
    UMM_CHECK_INPUT(found == entry.sha256, path.string(),
                    ": has other bytes than the manifest says (SHA-256 ", found, ", expected ", entry.sha256,
                    "); the bundle was damaged or changed");
    known.insert(entry.name);
  }
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().lexically_relative(folder).generic_string();
    UMM_CHECK_INPUT(entry.is_directory() || known.contains(name), entry.path().string(),
                    ": is in the bundle, and its manifest does not know it");
  }
  return manifest;
}

}  // namespace umm
