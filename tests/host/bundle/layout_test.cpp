// Files of many folders keep their places to each other.
#include "bundle/layout.h"

#include "tests/host/bundle/scratch_folder.h"

namespace umm::testing {
namespace {

using ::testing::HasSubstr;
using LayoutTest = ScratchFolder;

TEST_F(LayoutTest, TheCommonFolderBecomesTheRoot) {
  const BundleLayout layout("bundle", "spec", {"paper/specs/a.toml", "paper/specs/../shared/b.toml"});
  EXPECT_EQ(layout.place("paper/specs/a.toml", "x"), "spec/specs/a.toml");
  EXPECT_EQ(layout.place(fs::absolute("paper/shared/b.toml"), "x"), "spec/shared/b.toml");
  EXPECT_EQ(layout.place("paper/data", "x"), "spec/data");
  EXPECT_EQ(layout.place("other/data", "x"), "x");
  EXPECT_EQ(layout.place("paper", "x"), "x");
  EXPECT_EQ(layout.place("paperback", "x"), "x");
  EXPECT_EQ(BundleLayout("bundle", "recipes", {}).place("a", "x"), "x");
  EXPECT_EQ(protocol_place("/usr/share/ummbench/protocols/geneval/a.toml"), "protocols/geneval/a.toml");
}

TEST_F(LayoutTest, FoldersAreCopiedAndTextsNeverReplaced) {
  write("data/a/one", "1");
  write("data/two", "22");
  const BundleLayout layout(folder_ / "bundle", "spec", {folder_ / "a.toml"});
  EXPECT_TRUE(layout.copy(folder_ / "data", "spec/data"));
  EXPECT_EQ(read("bundle/spec/data/a/one"), "1");
  EXPECT_EQ(bytes_of(folder_ / "data"), 3);
  EXPECT_EQ(bytes_of(folder_ / "none"), -1);
  EXPECT_EQ(content_of(folder_ / "bundle/spec/data"), content_of(folder_ / "data"));
  EXPECT_EQ(content_of(folder_ / "none"), "");
  EXPECT_FALSE(layout.copy(folder_ / "data", "../data"));
  layout.write("spec/a.toml", "a");
  layout.write("spec/a.toml", "a");
  EXPECT_THAT(refusal([&] { layout.write("spec/a.toml", "b"); }), HasSubstr("spec/a.toml: two files"));
  write("data/b\\c", "3");
  EXPECT_FALSE(layout.copy(folder_ / "data", "spec/again"));
}

}  // namespace
}  // namespace umm::testing
