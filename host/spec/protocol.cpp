#include "spec/protocol.h"

#include <algorithm>
#include <optional>

#include "loader/installation.h"
#include "spec/context.h"
#include "spec/fields.h"
#include "spec/files.h"
#include "umm/plugin_kind.h"

namespace umm::spec {
namespace {

namespace fs = std::filesystem;

constexpr int kParentsSearched = 8;
constexpr double kLargestScore = 1e6;

// The nearest first.
std::vector<fs::path> search_folders(const fs::path& spec_folder) {
  std::vector<fs::path> folders;
  fs::path folder = spec_folder;
  for (int level = 0; level <= kParentsSearched; ++level, folder /= "..") {
    const fs::path candidate = (folder / "protocols").lexically_normal();
    if (std::find(folders.begin(), folders.end(), candidate) == folders.end()) folders.push_back(candidate);
  }
  folders.push_back(installed_protocols());
  return folders;
}

std::vector<std::string> names_in(const std::vector<fs::path>& folders) {
  std::vector<std::string> names;
  for (const fs::path& folder : folders) {
    std::error_code error;
    for (auto it = fs::recursive_directory_iterator(folder, error); it != fs::end(it); it.increment(error)) {
      if (error) break;
      const fs::path name = it->path().lexically_relative(folder);
      if (name.extension() == ".toml") names.push_back(fs::path(name).replace_extension().generic_string());
    }
  }
  return names;
}

bool is_protocol_name(const std::string& name) {
  for (size_t begin = 0; begin <= name.size();) {
    const size_t slash = std::min(name.find('/', begin), name.size());
    if (!is_plain_name(name.substr(begin, slash - begin))) return false;
    begin = slash + 1;
  }
  return true;
}

// The file as it was found by whoever brings it: there, the program may lie in another folder. "": none.
std::string brought_file(const Elsewhere& elsewhere, const std::vector<fs::path>& folders,
                         const std::string& name) {
  for (const fs::path& folder : folders)
    if (elsewhere.places.contains((folder / (name + ".toml")).string()))
      return (folder / (name + ".toml")).string();
  const std::string ending = "protocols/" + name + ".toml";
  for (const auto& [path, here] : elsewhere.places)
    if (path == ending || path.ends_with("/" + ending)) return path;
  return "";
}

std::optional<std::string> find_file(Context& context, const Setting& named, const std::string& name) {
  if (!is_protocol_name(name)) {
    context.problems.add(
        {"S113",
         named.value.at,
         "\"" + name + "\" cannot be the name of a protocol",
         "",
         {"names consist of letters, digits, `_`, `-` and `/` between them; `geneval/tiny-4x` is "
          "the file protocols/geneval/tiny-4x.toml"}});
    return std::nullopt;
  }
  std::string& known = context.protocols.paths[{context.folder_of(&named).string(), name}];
  if (!known.empty()) return known;
  std::vector<std::string> searched;
  const auto folders = search_folders(context.folder_of(&named));
  if (context.elsewhere != nullptr) known = brought_file(*context.elsewhere, folders, name);
  if (!known.empty()) return known;
  std::error_code error;
  for (const fs::path& folder : folders) {
    const fs::path path = folder / (name + ".toml");
    if (fs::is_regular_file(path, error)) return known = path.string();
    if (fs::is_directory(folder, error)) searched.push_back(folder.string());
  }
  context.problems.add(
      {"S131",
       named.value.at,
       "there is no protocol \"" + name + "\"",
       did_you_mean(name, names_in(folders)),
       {searched.empty() ? "there is no folder `protocols` beside the file that names it, nor above"
                         : "searched: " + join(searched)}});
  return std::nullopt;
}

// Reads one file and says what is wrong with it, whichever run names it first.
class ProtocolReader {
 public:
  explicit ProtocolReader(Context& context) : context_(context), problems_(context.problems) {}

  // `named` is where a file that cannot be read is reported.
  Protocols::File read(const std::string& path, const Position& named);

 private:
  void check_root(Fields& root);
  void read_protocol(const Entry& entry, Protocols::File& file);
  void check_evaluator(Fields& protocol);
  std::vector<ProtocolAnchor> read_anchors(Fields& protocol);

  Context& context_;
  Problems& problems_;
};

void ProtocolReader::check_root(Fields& root) {
  root.check_schema("protocols");
  if (root.find("protocol") == nullptr) root.report_missing("protocol");
  root.finish(Fields::Home::file_of_its_own);
}

void ProtocolReader::check_evaluator(Fields& protocol) {
  const Value* evaluator = protocol.find("evaluator");
  if (evaluator == nullptr) return protocol.report_missing("evaluator");
  if (evaluator->get<Value::Table>() == nullptr)
    return protocol.report_type(*evaluator, "evaluator", "a table with `use` and its options");
  Fields(*evaluator, "[protocol.evaluator]", problems_).text("use");
  for (const Entry& option : *evaluator->get<Value::Table>()) {
    // Laid over the spec, these would be no options of the evaluator.
    const bool of_spec = stands_beside_protocol(option.key);
    if (!of_spec && !protocol.knows(option.key)) continue;
    problems_.add({"S130",
                   option.key_at,
                   "`" + option.key + "` stands in [protocol.evaluator], which holds the evaluator's options",
                   of_spec ? "its place is the evaluation in the spec" : "its place is [protocol]",
                   {}});
  }
}

// Published scores.
std::vector<ProtocolAnchor> ProtocolReader::read_anchors(Fields& protocol) {
  const Value* anchors = protocol.find("anchors");
  if (anchors == nullptr) return {};
  const auto* table = anchors->get<Value::Table>();
  if (table == nullptr) {
    protocol.report_type(*anchors, "anchors", "a table");
    return {};
  }
  std::vector<ProtocolAnchor> read;
  for (const Entry& anchor : *table) {
    if (anchor.value.get<Value::Table>() == nullptr) {
      protocol.report_type(anchor.value, "anchors." + anchor.key, "a table with `score` and `tolerance`");
      continue;
    }
    Fields fields(anchor.value, "[protocol.anchors]", problems_);
    fields.text("source", "");
    for (const char* key : {"score", "tolerance"})
      if (fields.find(key) == nullptr) fields.report_missing(key);
    read.push_back({anchor.key, fields.number("score", 0, -kLargestScore, kLargestScore),
                    fields.number("tolerance", 0, 0, kLargestScore)});
    fields.finish(Fields::Home::file_of_its_own);
  }
  return read;
}

void ProtocolReader::read_protocol(const Entry& entry, Protocols::File& file) {
  Fields fields(entry.value, "[protocol]", problems_);
  fields.text("prompts");
  fields.find("prompt_options");
  for (const PluginKind kind : kEvidenceKinds) {
    if (fields.find(to_text(kind)) != nullptr) fields.text(to_text(kind));
    fields.find(std::string(to_text(kind)) + "_options");
  }
  if (fields.find("images_per_prompt") == nullptr) fields.report_missing("images_per_prompt");
  fields.find("seed");
  check_evaluator(fields);
  fields.find("description");
  fields.find("source");
  file.anchors = read_anchors(fields);
  fields.finish(Fields::Home::file_of_its_own);
}

Protocols::File ProtocolReader::read(const std::string& path, const Position& named) {
  const auto text = file_text(place_of(context_.elsewhere, path).string());
  if (!text) {
    problems_.add({"S131", named, path + ": cannot be read as a protocol", "", {}});
    return {};
  }
  Protocols::File file{*text};
  const int source = problems_.add_source(path, file.text);
  context_.folders.resize(static_cast<size_t>(source) + 1, context_.folders.front());
  context_.folders.back() = fs::path(path).parent_path();
  const auto root = parse_toml(file.text, source, problems_);
  if (!root) return file;
  const Value whole{{source, 1, 1, 1}, *root};
  Fields fields(whole, "a protocol", problems_);
  check_root(fields);
  const Entry* entry = find_entry(*root, "protocol");
  if (entry == nullptr) return file;
  if (entry->value.get<Value::Table>() == nullptr) {
    fields.report_type(entry->value, "protocol", "a table");
    return file;
  }
  read_protocol(*entry, file);
  file.table = *entry;
  file.sound = !problems_.any_error_in(source);
  return file;
}

}  // namespace

const std::vector<ProtocolAnchor>& protocol_anchors(Context& context, const Setting& named) {
  const std::string& name = *named.value.get<std::string>();
  const Protocols& all = context.protocols;
  return all.files.at(all.paths.at({context.folder_of(&named).string(), name})).anchors;
}

bool stands_beside_protocol(const std::string& key) {
  const std::string first = key.substr(0, key.find('.'));
  return first == "protocol" || first == "sampling" || first == "batch" || first == "weights";
}

const Settings* protocol_settings(Context& context, const Setting& named, const std::string& table) {
  const auto path = find_file(context, named, *named.value.get<std::string>());
  if (!path) return nullptr;
  Protocols& all = context.protocols;
  auto file = all.files.find(*path);
  if (file == all.files.end()) {
    // A run that is skipped may be the first to name it.
    const bool muted = context.problems.muted();
    context.problems.set_muted(false);
    file = all.files.emplace(*path, ProtocolReader(context).read(*path, named.value.at)).first;
    context.problems.set_muted(muted);
  }
  if (!file->second.sound) return nullptr;
  const auto [found, is_new] = all.settings.try_emplace({*path, table});
  if (!is_new) return &found->second;
  Flattening flattening{all.store, found->second, context.problems, Layer::protocol, "[protocol]"};
  const Entry& protocol = file->second.table;
  for (const Entry& entry : *protocol.value.get<Value::Table>()) {
    if (entry.key == "description" || entry.key == "source" || entry.key == "anchors") continue;
    if (entry.key != "evaluator") {
      flattening.add(entry, table, {protocol.key_at, protocol.key_at});
      continue;
    }
    for (const Entry& option : *entry.value.get<Value::Table>())
      flattening.add(option, table, {protocol.key_at, entry.key_at});
  }
  return &found->second;
}

}  // namespace umm::spec
