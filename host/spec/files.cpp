#include "spec/files.h"

#include <algorithm>
#include <array>
#include <fstream>

#include "umm/error.h"

namespace umm::spec {
namespace {

namespace fs = std::filesystem;

// Reads `path` and adds it.
void add_file(SpecFiles& spec, const std::string& path) {
  auto text = file_text(path);
  UMM_CHECK_INPUT(text, path, ": cannot be read as an experiment spec");
  SpecFile file{path, std::move(*text), fs::path(path).parent_path(), {}};
  const int source = spec.problems.add_source(path, file.text);
  if (auto root = parse_toml(file.text, source, spec.problems)) file.root = std::move(*root);
  spec.files.push_back(std::move(file));
}

// The file that the last one extends.
std::optional<std::string> parent(SpecFiles& spec) {
  const SpecFile& file = spec.files.back();
  const Entry* entry = find_entry(file.root, "extends");
  if (entry == nullptr) return std::nullopt;
  const Position& at = entry->value.at;
  const auto* name = entry->value.get<std::string>();
  if (name == nullptr) {
    spec.problems.add({"S102",
                       at,
                       "`extends` must be text, found " + type_name(entry->value),
                       "",
                       {"one file, for example extends = \"base.toml\"; that one may extend another"}});
    return std::nullopt;
  }
  const std::string path = (file.folder / *name).lexically_normal().string();
  std::error_code error;
  if (!fs::is_regular_file(path, error)) {
    spec.problems.add({"S131",
                       at,
                       "there is no file " + path + " to extend",
                       "",
                       {"it is looked for from the folder of the file that names it"}});
    return std::nullopt;
  }
  const auto known = std::find_if(spec.files.begin(), spec.files.end(), [&](const SpecFile& other) {
    return fs::equivalent(other.name, path, error);
  });
  if (known == spec.files.end()) return path;
  std::string circle;
  for (auto link = known; link != spec.files.end(); ++link) circle += link->name + " -> ";
  spec.problems.add({"S132", at, "`extends` goes in a circle: " + circle + known->name, "", {}});
  return std::nullopt;
}

}  // namespace

std::optional<std::string> file_text(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string text;
  std::array<char, 1 << 16> piece;
  while (stream.read(piece.data(), piece.size()), stream.gcount() > 0)
    text.append(piece.data(), static_cast<size_t>(stream.gcount()));
  if (!stream.is_open() || stream.bad()) return std::nullopt;
  return text;
}

SpecFiles read_files(const std::string& path) {
  SpecFiles spec;
  add_file(spec, path);
  while (!spec.problems.any_error()) {
    const auto next = parent(spec);
    if (!next) break;
    add_file(spec, *next);
  }
  return spec;
}

std::string whole_text(const SpecFiles& spec) {
  std::string text = spec.files.front().text;
  for (size_t i = 1; i < spec.files.size(); ++i)
    text += under_its_name(spec.files[i].name, spec.files[i].text);
  return text;
}

std::string under_its_name(const std::string& name, const std::string& text) {
  return "\n# ---- " + name + " ----\n" + text;
}

}  // namespace umm::spec
