#include "launch/git_state.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace umm {
namespace {

namespace fs = std::filesystem;

constexpr int kMostSeconds = 20;  // a repository on a slow disk must not keep a sweep from starting

std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? "'\\''" : std::string(1, c);
  return result + "'";
}

struct Answer {
  bool ok = false;
  std::string text;  // at most so many bytes
  size_t size = 0;   // of all that was said
};

Answer ask_git(const fs::path& folder, const std::string& arguments, size_t most_bytes = 4096) {
  const std::string command = "GIT_OPTIONAL_LOCKS=0 LC_ALL=C timeout " + std::to_string(kMostSeconds) +
                              " git -c core.fsmonitor=false -C " + quoted(folder.string()) + " " + arguments +
                              " 2>/dev/null </dev/null";
  Answer answer;
  FILE* out = popen(command.c_str(), "re");
  if (out == nullptr) return answer;
  std::array<char, 1 << 16> part{};
  for (size_t size = 0; (size = fread(part.data(), 1, part.size(), out)) > 0; answer.size += size)
    answer.text.append(part.data(), std::min(size, most_bytes - std::min(most_bytes, answer.text.size())));
  answer.ok = pclose(out) == 0;
  return answer;
}

}  // namespace

std::optional<GitState> git_state(const fs::path& file, size_t most_bytes) {
  std::error_code failed;
  const fs::path folder = fs::absolute(file, failed).parent_path();
  if (failed || file.empty()) return std::nullopt;
  const Answer commit = ask_git(folder, "rev-parse --verify HEAD");
  if (!commit.ok || commit.text.size() < 40) return std::nullopt;
  GitState state{commit.text.substr(0, commit.text.find('\n')), false, ""};
  const Answer diff =
      ask_git(folder, "diff HEAD --no-ext-diff --no-textconv --no-color --submodule=short", most_bytes);
  const bool known = ask_git(folder, "ls-files --error-unmatch -- " + quoted(file.filename().string())).ok;
  state.diff = diff.text;
  if (diff.size > diff.text.size())
    state.diff += "\n[cut: the whole diff has " + std::to_string(diff.size) + " bytes]\n";
  state.dirty = !diff.ok || diff.size > 0 || !known;
  return state;
}

}  // namespace umm
