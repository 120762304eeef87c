// docs/plugin-author.md, done to the letter: sh blocks are run, cpp blocks with a name are written, diffs are
// applied, and each line of a text block must be in what the commands before it printed. Python is the
// reference's, not ours.
#include "program.h"

namespace umm::testing {
namespace {

struct Block {
  std::string language, name;  // "cpp", "feed_forward.h"
  std::string text;
  int line = 0;  // of the page
};

std::vector<Block> blocks_of(const std::string& page) {
  std::vector<Block> blocks;
  std::istringstream lines(page);
  bool inside = false;
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.starts_with("```")) {
      inside = !inside;
      if (!inside) continue;
      const auto space = line.find(' ');
      blocks.push_back(
          {line.substr(3, space - 3), space == std::string::npos ? "" : line.substr(space + 1), "", number});
    } else if (inside) {
      blocks.back().text += line + '\n';
    }
  }
  return blocks;
}

class AuthorGuideTest : public ProgramTest {
 protected:
  // The reader's shell, as a script that stops at the first failure.
  std::string script_of(const std::vector<Block>& blocks) const {
    std::string script =
        "FOLDER='" + folder_.string() + "'\nBUILD='" UMM_BINARY_DIR "'\n" + R"(set -euo pipefail
unset UMM_PLUGIN_PATH XDG_CACHE_HOME
export HOME=$FOLDER/home OUTPUT=
mkdir -p "$HOME" "$FOLDER/ummbench/build"
ln -s "$BUILD" "$FOLDER/ummbench/build/release"
trap 'cat "$OUTPUT"' EXIT
cd "$FOLDER/ummbench"
)";
    int num_outputs = 0;
    for (const Block& block : blocks) {
      const std::string input = " <<'END_OF_BLOCK'\n" + block.text + "END_OF_BLOCK\n";
      script += "echo '--- line " + std::to_string(block.line) + "'\n";
      if (block.language == "sh") {
        script += "OUTPUT=$HOME/output" + std::to_string(++num_outputs) + "\n{\n" + block.text +
                  "} > \"$OUTPUT\" 2>&1\n";
      } else if (block.language == "cpp") {
        script += "cat > " + block.name + input;
      } else if (block.language == "diff") {
        script += "git apply -" + input;
      }
    }
    return script;
  }
};

TEST_F(AuthorGuideTest, EveryCommandAndChangeWorks) {
  const auto blocks = blocks_of(read_text(UMM_SOURCE_DIR "/docs/plugin-author.md"));
  write("guide.sh", script_of(blocks));
  const std::string command =
      "bash '" + (folder_ / "guide.sh").string() + "' > '" + (folder_ / "log").string() + "' 2>&1 </dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0) << read_text(folder_ / "log");

  int output = 0, num_expected = 0;
  for (const Block& block : blocks) {
    if (block.language == "sh") ++output;
    if (block.language != "text") continue;
    const std::string printed = read_text(folder_ / "home" / ("output" + std::to_string(output)));
    std::istringstream lines(block.text);
    for (std::string line; std::getline(lines, line); ++num_expected)
      EXPECT_NE(printed.find(line), std::string::npos) << "line " << block.line << ": " << line << "\n"
                                                       << printed;
  }
  EXPECT_GT(output, 5);
  EXPECT_GT(num_expected, 3);
}

}  // namespace
}  // namespace umm::testing
