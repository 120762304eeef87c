#include "bundle/bundle.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "bundle/archive.h"
#include "bundle/layout.h"
#include "loader/hash.h"
#include "results/database.h"
#include "results/run_folder.h"
#include "results/store.h"
#include "results/subset.h"
#include "spec/files.h"
#include "tables/recipe_file.h"
#include "train/files.h"
#include "umm/error.h"
#include "umm/file.h"

namespace umm {
namespace {

namespace fs = std::filesystem;
using spec::Value;

constexpr size_t kShortHash = 16;                       // hex digits
constexpr int64_t kManifestBytes = int64_t{256} << 20;  // a million files

std::string only_sweep(const results::Store& store, const BundleRequest& request) {
  const auto sweeps = store.sweeps();
  const std::string there = fmt::format("{}", fmt::join(sweeps, ", "));
  if (request.sweep.empty()) {
    UMM_CHECK_INPUT(sweeps.size() == 1, request.database.string(), ": holds ",
                    sweeps.empty() ? "no sweep yet" : "several sweeps, choose one with --sweep: " + there);
    return sweeps.front();
  }
  UMM_CHECK_INPUT(std::count(sweeps.begin(), sweeps.end(), request.sweep) > 0, request.database.string(),
                  ": there is no sweep ", request.sweep, "; it has: ", there);
  return request.sweep;
}

// Paths of a spec start at the folder in which its sweep was run, which may be another than the current one:
// the first one of this and those above the database where the spec lies, if there is one with the same text.
fs::path working_folder(const fs::path& database, const spec::FrozenFile& spec) {
  std::vector<fs::path> folders = {fs::current_path()};
  for (fs::path folder = fs::absolute(database).lexically_normal().parent_path();;
       folder = folder.parent_path()) {
    folders.push_back(folder);
    if (folder == folder.parent_path()) break;
  }
  const auto is_there = [&](const fs::path& folder) {
    std::error_code failed;
    return fs::is_regular_file(folder / spec.name, failed);
  };
  const auto is_same = [&](const fs::path& folder) {
    return is_there(folder) && read_file(folder / spec.name) == spec.text;
  };
  auto found = std::find_if(folders.begin(), folders.end(), is_same);
  if (found == folders.end()) found = std::find_if(folders.begin(), folders.end(), is_there);
  return found == folders.end() ? folders.front() : *found;
}

// Recipes that [report] of the spec names, as it names them.
std::vector<fs::path> recipes_of(const spec::FrozenFile& file) {
  spec::Problems ignored;
  const auto root = spec::parse_toml(file.text, ignored.add_source(file.name, file.text), ignored);
  const auto* report = root ? spec::find_entry(*root, "report") : nullptr;
  const auto* table = report == nullptr ? nullptr : report->value.get<Value::Table>();
  const auto* tables = table == nullptr ? nullptr : spec::find_entry(*table, "tables");
  const auto* list = tables == nullptr ? nullptr : tables->value.get<Value::List>();
  std::vector<fs::path> recipes;
  for (const Value& value : list == nullptr ? Value::List() : *list)
    if (const auto* name = value.get<std::string>())
      recipes.push_back(fs::path(file.name).parent_path() / *name);
  return recipes;
}

class Bundling {
 public:
  Bundling(const BundleRequest& request, const fs::path& folder)
      : request_(request),
        folder_(folder),
        store_(results::Store::open_read_only(request.database.string())) {}

  BundleManifest run();

 private:
  void add_database();
  void add_spec();
  void add_inputs();
  std::string add_input(BundleInput& input);
  void add_recipes();
  void add_images();
  void list_files();
  // Where what the spec names lies.
  fs::path at(const fs::path& path) const { return (base_ / path).lexically_normal(); }

  const BundleRequest& request_;
  const fs::path& folder_;
  results::Store store_;
  results::SubmittedSweep submitted_;
  BundleManifest manifest_;
  std::optional<BundleLayout> layout_;
  fs::path base_;
  std::vector<fs::path> recipes_;
};

void Bundling::add_database() {
  results::copy_sweep(store_.handle(), manifest_.sweep, folder_ / kBundleDatabase);
  results::Statement version(store_.handle(), "PRAGMA user_version");
  version.step();
  manifest_.schema_version = version.integer(0);
}

void Bundling::add_spec() {
  const auto files = spec::frozen_files(submitted_.sweep.spec_path, submitted_.sweep.spec_text);
  base_ = working_folder(request_.database, files.front());
  std::vector<fs::path> specs;
  for (const auto& file : files)
    if (!file.protocol) specs.push_back(at(file.name));
  layout_.emplace(folder_, "spec", specs);
  for (const auto& file : files) {
    const std::string name = layout_->place(at(file.name), "spec/" + protocol_place(file.name));
    layout_->write(name, file.text);
    manifest_.spec_files[file.name] = name;
    if (file.protocol) continue;
    for (const auto& recipe : recipes_of(file)) {
      if (fs::is_regular_file(at(recipe)))
        recipes_.push_back(at(recipe));
      else
        manifest_.left_out.push_back(fmt::format("recipe {}, which [report] names: there is no file {}",
                                                 recipe.string(), at(recipe).string()));
    }
  }
  manifest_.spec = manifest_.spec_files.at(files.front().name);
}

// Why it stays out; "": it is in.
std::string Bundling::add_input(BundleInput& input) {
  const fs::path path = at(input.path);
  const int64_t bytes = bytes_of(path);
  if (bytes < 0) return "there is nothing at " + path.string();
  if (bytes > request_.input_bytes || request_.input_bytes == 0)
    return fmt::format("it has {} bytes, and --inputs allows {}", bytes, request_.input_bytes);
  if (content_of(path) != input.content_hash) return "what lies there is not what the runs read";
  const std::string place = layout_->place(
      path, "inputs/" + input.content_hash.substr(0, kShortHash) + "/" + path.filename().string());
  if (!layout_->copy(path, place)) return "a bundle cannot hold files of such names";
  input.place = place;
  return "";
}

void Bundling::add_inputs() {
  std::map<std::string, std::string> inputs;
  std::map<std::pair<std::string, std::string>, results::RunPlugin> plugins;
  for (const auto& run : submitted_.sources) {
    inputs.insert(run.inputs.begin(), run.inputs.end());
    for (const auto& plugin : run.plugins) plugins[{plugin.kind, plugin.plugin}] = plugin;
  }
  for (const auto& [path, hash] : inputs) {
    BundleInput input{path, hash, ""};
    const std::string reason = add_input(input);
    if (!reason.empty())
      manifest_.left_out.push_back(
          fmt::format("{} (SHA-256 {}), which `reproduce` asks for: {}", path, hash, reason));
    manifest_.inputs.push_back(std::move(input));
  }
  for (const auto& [key, plugin] : plugins) manifest_.plugins.push_back(plugin);
}

// With their files of reported values, so that they are found from where the recipe lies.
void Bundling::add_recipes() {
  for (const auto& recipe : request_.recipes) recipes_.emplace_back(recipe);
  std::vector<fs::path> files;
  for (const auto& recipe : recipes_) {
    files.push_back(recipe);
    for (const auto& reported : read_recipe(recipe.string()).reported) files.push_back(reported);
  }
  std::vector<fs::path> outside;
  for (const auto& file : files)
    if (layout_->place(file, "").empty()) outside.push_back(file);
  const BundleLayout beside(folder_, "recipes", outside);
  for (const auto& file : files) {
    const std::string place = layout_->place(file, beside.place(file, ""));
    UMM_CHECK_INPUT(fs::is_regular_file(file), file.string(), ": no such file, and a recipe names it");
    UMM_CHECK_INPUT(!place.empty() && layout_->copy(file, place), file.string(),
                    ": cannot be bundled: a bundle holds plain files without `\\` in their names");
    if (std::count(recipes_.begin(), recipes_.end(), file) > 0 &&
        std::count(manifest_.recipes.begin(), manifest_.recipes.end(), place) == 0)
      manifest_.recipes.push_back(place);
  }
}

void Bundling::add_images() {
  const auto copy = results::Store::open_read_only((folder_ / kBundleDatabase).string());
  const fs::path pictures = request_.database.parent_path();
  for (const auto& evaluation : copy.evaluations()) {
    std::vector<std::string> elsewhere;
    for (const auto& row : copy.evidence(evaluation.identity)) {
      if (row.image_path.empty()) continue;  // evidence was scored, without pictures
      const fs::path picture = pictures / row.image_path;
      if (!is_safe_name(row.image_path)) {
        elsewhere.push_back(picture.lexically_normal().string());
        continue;
      }
      UMM_CHECK_INPUT(content_of(picture) == row.image_sha256, picture.string(),
                      ": is not the picture that was scored; bundle without --images, or bring it back");
      layout_->copy(picture, row.image_path);
    }
    if (!elsewhere.empty())
      manifest_.left_out.push_back(
          fmt::format("{} pictures of {}, the first {}: a bundle has those of the output folder",
                      elsewhere.size(), evaluation.benchmark, elsewhere.front()));
  }
}

void Bundling::list_files() {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder_))
    if (entry.is_regular_file()) names.push_back(entry.path().lexically_relative(folder_).generic_string());
  std::sort(names.begin(), names.end());
  for (const auto& name : names)
    manifest_.files.push_back(
        {name, static_cast<int64_t>(fs::file_size(folder_ / name)), hash_file(folder_ / name)});
  write_text_file(folder_ / kManifestName, to_text(manifest_));
}

BundleManifest Bundling::run() {
  manifest_.program_version = request_.program_version;
  manifest_.sweep = only_sweep(store_, request_);
  submitted_ = results::read_submission(store_, manifest_.sweep);
  manifest_.submitted = *submitted_.submission;
  add_database();
  add_spec();
  add_inputs();
  add_recipes();
  if (request_.images) add_images();
  list_files();
  return std::move(manifest_);
}

}  // namespace

BundleManifest lay_out_bundle(const BundleRequest& request, const fs::path& folder) {
  try {
    return Bundling(request, folder).run();
  } catch (const results::StoreError& error) {
    throw InputError(error.what());
  }
}

BundleManifest make_bundle(const BundleRequest& request, const fs::path& archive) {
  check_archive_name(archive);
  const PendingFolder folder(archive.parent_path() / (archive.filename().string() + ".files"));
  BundleManifest manifest = lay_out_bundle(request, folder.path());
  std::vector<std::string> names = {kManifestName};
  for (const auto& file : manifest.files) names.push_back(file.name);
  pack(folder.path(), names, archive);
  return manifest;
}

BundleManifest open_bundle(const fs::path& archive, const fs::path& folder, int64_t largest) {
  unpack(archive, folder, {kManifestName, std::min(kManifestBytes, largest), largest});
  return read_bundle_folder(folder);
}

}  // namespace umm
