#include "spec/files.h"

#include <algorithm>
#include <array>
#include <fstream>

#include "umm/error.h"

namespace umm::spec {
namespace {

namespace fs = std::filesystem;

// A line of its own, which TOML reads as a comment.
const std::string kBeforeName = "\n# ---- ", kBehindName = " ----\n";

// Reads `path` and adds it.
void add_file(SpecFiles& spec, const std::string& path, const Elsewhere* elsewhere) {
  auto text = file_text(place_of(elsewhere, path).string());
  UMM_CHECK_INPUT(text, path, ": cannot be read as an experiment spec");
  SpecFile file{path, std::move(*text), fs::path(path).parent_path(), {}};
  const int source = spec.problems.add_source(path, file.text);
  if (auto root = parse_toml(file.text, source, spec.problems)) file.root = std::move(*root);
  spec.files.push_back(std::move(file));
}

// The file that the last one extends.
std::optional<std::string> parent(SpecFiles& spec, const Elsewhere* elsewhere) {
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
  const std::string path = extended_file(file.folder, *name);
  std::error_code error;
  const fs::path here = place_of(elsewhere, path);
  if (!fs::is_regular_file(here, error)) {
    spec.problems.add({"S131",
                       at,
                       "there is no file " + path + " to extend",
                       "",
                       {"it is looked for from the folder of the file that names it"}});
    return std::nullopt;
  }
  const auto known = std::find_if(spec.files.begin(), spec.files.end(), [&](const SpecFile& other) {
    return fs::equivalent(place_of(elsewhere, other.name), here, error);
  });
  if (known == spec.files.end()) return path;
  std::string circle;
  for (auto link = known; link != spec.files.end(); ++link) circle += link->name + " -> ";
  spec.problems.add({"S132", at, "`extends` goes in a circle: " + circle + known->name, "", {}});
  return std::nullopt;
}

struct Header {
  size_t begin, end;
  std::string name;
};

// Every line that may be the head of a file; a comment of a file may look so, too.
std::vector<Header> headers_in(const std::string& text) {
  std::vector<Header> headers;
  for (size_t at = text.find(kBeforeName); at != std::string::npos; at = text.find(kBeforeName, at + 1)) {
    const size_t name = at + kBeforeName.size(), end = text.find('\n', name);
    if (end == std::string::npos) break;
    const std::string line = text.substr(name, end + 1 - name);
    if (line.size() <= kBehindName.size() || !line.ends_with(kBehindName)) continue;
    headers.push_back({at, end + 1, line.substr(0, line.size() - kBehindName.size())});
  }
  return headers;
}

Value::Table root_of(const std::string& text) {
  Problems ignored;
  return parse_toml(text, ignored.add_source("", text), ignored).value_or(Value::Table());
}

bool extends(const FrozenFile& file, const std::string& name) {
  const auto root = root_of(file.text);
  const Entry* entry = file.protocol ? nullptr : find_entry(root, "extends");
  const auto* named = entry == nullptr ? nullptr : entry->value.get<std::string>();
  return named != nullptr && extended_file(fs::path(file.name).parent_path(), *named) == name;
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

SpecFiles read_files(const std::string& path, const Elsewhere* elsewhere) {
  SpecFiles spec;
  add_file(spec, path, elsewhere);
  while (!spec.problems.any_error()) {
    const auto next = parent(spec, elsewhere);
    if (!next) break;
    add_file(spec, *next, elsewhere);
  }
  return spec;
}

std::string extended_file(const fs::path& folder, const std::string& name) {
  return (folder / name).lexically_normal().string();
}

std::string whole_text(const SpecFiles& spec) {
  std::string text = spec.files.front().text;
  for (size_t i = 1; i < spec.files.size(); ++i)
    text += under_its_name(spec.files[i].name, spec.files[i].text);
  return text;
}

std::string under_its_name(const std::string& name, const std::string& text) {
  return kBeforeName + name + kBehindName + text;
}

std::vector<FrozenFile> frozen_files(const std::string& spec_path, const std::string& whole) {
  const auto headers = headers_in(whole);
  std::vector<FrozenFile> files;
  FrozenFile file{spec_path, "", false};
  size_t begin = 0;
  for (size_t i = 0; i < headers.size(); ++i) {
    const Header& header = headers[i];
    const size_t next = i + 1 < headers.size() ? headers[i + 1].begin : whole.size();
    file.text = whole.substr(begin, header.begin - begin);
    const bool extended = extends(file, header.name);
    const auto root = root_of(whole.substr(header.end, next - header.end));
    if (!extended && find_entry(root, "protocol") == nullptr) continue;
    files.push_back(std::move(file));
    file = {header.name, "", !extended};
    begin = header.end;
  }
  file.text = whole.substr(begin);
  files.push_back(std::move(file));
  return files;
}

}  // namespace umm::spec
