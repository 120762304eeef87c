// ummbench plugin new ID --kind architecture|method|dataset|evaluator [--folder FOLDER]
#include <fmt/format.h>

#include <cctype>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>

#include "cli/catalogue.h"
#include "cli/commands.h"
#include "loader/installation.h"

namespace umm::cli {
namespace {

namespace fs = std::filesystem;

struct NewArguments {
  std::string id;
  std::string kind;
  std::string folder;
};

// What templates/<kind> calls itself.
struct Template {
  PluginKind kind;
  std::string id;          // my_model
  std::string class_name;  // MyModel
  std::string noun;        // how names of its classes end
};

const std::map<std::string, Template>& templates() {
  static const std::map<std::string, Template> all = {
      {"architecture", {PluginKind::architecture, "my_model", "MyModel", "Model"}},
      {"method", {PluginKind::method, "my_method", "MyMethod", "Method"}},
      {"dataset", {PluginKind::dataset, "my_dataset", "MyDataset", "Dataset"}},
      {"evaluator", {PluginKind::evaluator, "my_benchmark", "MyBenchmark", "Benchmark"}}};
  return all;
}

// "glimpse" -> "GlimpseModel", "tiny_model" -> "TinyModel". The noun keeps it apart from the SDK's own names.
std::string class_name_of(const std::string& id, const std::string& noun) {
  std::string name;
  bool begins_word = true;
  for (const char letter : id) {
    if (letter != '_')
      name += begins_word ? static_cast<char>(std::toupper(static_cast<unsigned char>(letter))) : letter;
    begins_word = letter == '_';
  }
  return name.size() > noun.size() && name.ends_with(noun) ? name : name + noun;
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

std::string read_text(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  UMM_CHECK(in, file.string(), ": cannot be read");
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_text(const fs::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text << std::flush;
  UMM_CHECK(out, file.string(), ": cannot be written");
}

void check_id(const std::string& id, PluginKind kind, const Catalogue& catalogue) {
  static const std::regex kName("[a-z][a-z0-9_]*");
  UMM_CHECK_INPUT(std::regex_match(id, kName),
                  "plugin new: expected an id of lower-case letters, digits and _",
                  ", beginning with a letter; found `", id, "`");
  if (const LoadedPlugin* taken = catalogue.find(kind, id))
    throw InputError(fmt::format("plugin new: there is {} `{}` already, in {}; choose another id",
                                 to_text(kind), id, taken->file.string()));
}

// Complete or absent: written beside the target, then renamed.
std::vector<std::string> write_files(const Template& kind, const std::string& id, const fs::path& source,
                                     const fs::path& target) {
  const std::map<std::string, std::string> words = {
      {kind.id, id},
      {kind.class_name, class_name_of(id, kind.noun)},
      {"{tiny}", tiny_world_files().string()},
      {"<prefix of ummbench>", sdk_prefix().empty() ? "<prefix of ummbench>" : sdk_prefix().string()}};
  const fs::path partial = target.string() + ".partial";
  fs::remove_all(partial);
  fs::create_directories(partial);
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(source)) {
    std::string name = entry.path().filename().string(), text = read_text(entry.path());
    if (name.starts_with("plugin")) name.replace(0, std::string_view("plugin").size(), id);
    for (const auto& [from, to] : words) replace_all(text, from, to);
    write_text(partial / name, text);
    names.push_back(name);
  }
  fs::rename(partial, target);
  std::sort(names.begin(), names.end());
  return names;
}

int create(const NewArguments& arguments, const std::vector<std::string>& places) {
  UMM_CHECK_INPUT(templates().contains(arguments.kind),
                  "plugin new: expected --kind architecture, method, dataset or evaluator; found `",
                  arguments.kind, "`");
  const Template& kind = templates().at(arguments.kind);
  const fs::path source = plugin_templates() / arguments.kind;
  UMM_CHECK_INPUT(fs::is_directory(source), "plugin new: expected the templates in ", source.string(),
                  ", found nothing; use ummbench from its build tree or from `cmake --install`");
  check_id(arguments.id, kind.kind, load_catalogue(places));
  const fs::path target = arguments.folder.empty() ? fs::path(arguments.id) : fs::path(arguments.folder);
  UMM_CHECK_INPUT(!fs::exists(target), "plugin new: ", target.string(),
                  " is there already; nothing was written. Give another --folder");

  for (const auto& name : write_files(kind, arguments.id, source, target))
    fmt::print("{}\n", (target / name).string());
  const fs::path prefix = sdk_prefix();
  fmt::print(
      "\nIt builds, keeps its promises and runs as it is; its README.md says what to change in which "
      "order.\n");
  if (prefix.empty())
    fmt::print(
        "This ummbench runs where it was built; plugins are built with an installed one:\n"
        "  cmake --install {} --prefix PREFIX\n",
        installed_plugins().parent_path().string());
  fmt::print(
      "\n  cd {}\n"
      "  cmake -B build -G Ninja -DCMAKE_PREFIX_PATH={} && cmake --build build\n"
      "  ctest --test-dir build\n"
      "  ummbench --plugins build/plugins run smoke.toml\n",
      target.string(), prefix.empty() ? "PREFIX" : prefix.string());
  return 0;
}

}  // namespace

void add_plugin_new(Program& program, CLI::App& plugin) {
  CLI::App* command = plugin.add_subcommand("new", "Writes a plugin that builds, is sound and runs as it is");
  auto arguments = std::make_shared<NewArguments>();
  command->add_option("id", arguments->id, "Its id, e.g. my_model")->required();
  command->add_option("--kind", arguments->kind, "architecture, method, dataset or evaluator");
  command->add_option("--folder", arguments->folder, "Where to, instead of a folder of the id's name");
  command->callback([program, arguments] {
    program.chosen = [program, arguments] { return create(*arguments, program.plugin_places); };
  });
}

}  // namespace umm::cli
