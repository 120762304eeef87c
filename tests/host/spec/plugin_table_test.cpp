#include "spec/plugin_table.h"

#include <gmock/gmock.h>

#include "spec_fixture.h"

namespace umm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string require(const std::string& what) {
  return "[plugins.require]\n" + what + "\n";
}

TEST(PluginTable, VersionsThatAreThere) {
  const SpecFolder folder;
  const std::string spec = kMinimal + require("reca = \">=0.1, <2\"\nworld = \"1\"");
  EXPECT_THAT(folder.problems(spec), IsEmpty());
  EXPECT_EQ(folder.read(spec).runs.at(0).canonical, folder.read(kMinimal).runs.at(0).canonical);
}

TEST(PluginTable, AnotherVersionSaysWhichWasFoundAndWhere) {
  const SpecFolder folder;
  const std::string spec = kMinimal + require("reca = \">=1.2, <2\"");
  EXPECT_THAT(folder.problems(spec), ElementsAre("S118 17:8"));
  EXPECT_EQ(folder.message(spec),
            "error[S118]: plugin \"reca\" has version 1.0.0, required is >=1.2, <2\n"
            "  --> sweep.toml:17:8\n"
            "   |\n"
            "17 | reca = \">=1.2, <2\"\n"
            "   |        ^^^^^^^^^^^\n"
            "   = found in reca.umm.so\n"
            "   = another copy can come first: [plugins] path, --plugins or UMM_PLUGIN_PATH");
}

TEST(PluginTable, Mistakes) {
  const SpecFolder folder;
  EXPECT_THAT(folder.problems(kMinimal + require("rceA = \">=1\"")), ElementsAre("S110 17:1"));
  EXPECT_THAT(folder.message(kMinimal + require("rceA = \">=1\"")), HasSubstr("did you mean `reca`?"));
  EXPECT_THAT(folder.problems(kMinimal + require("reca = \"new\"")), ElementsAre("S119 17:8"));
  EXPECT_THAT(folder.problems(kMinimal + require("reca = \">=1,\"")), ElementsAre("S119 17:8"));
  EXPECT_THAT(folder.problems(kMinimal + require("reca = \"~>1\"")), ElementsAre("S119 17:8"));
  EXPECT_THAT(folder.problems(kMinimal + require("reca = 1.0")), ElementsAre("S119 17:8"));
  EXPECT_THAT(folder.problems(kMinimal + "[plugins]\nrequire = \"reca\"\n"), ElementsAre("S102 17:11"));
  EXPECT_THAT(folder.problems(kMinimal + "[plugins]\npath = \"here\"\n"), ElementsAre("S102 17:8"));
  EXPECT_THAT(folder.problems(kMinimal + "[plugins]\npath = [3, \"absent\"]\n"),
              ElementsAre("S102 17:9", "S131 17:12"));
  EXPECT_THAT(folder.problems(kMinimal + "[plugins]\npaths = []\n"), ElementsAre("S101 17:1"));
  EXPECT_THAT(folder.problems("plugins = []\n" + kMinimal), ElementsAre("S102 1:11"));
}

TEST(PluginTable, FoldersAreRelativeToTheFileThatNamesThem) {
  const SpecFolder folder;
  folder.write("one/x", "");
  folder.write("deep/two/x", "");
  folder.write("deep/base.toml",
               kMinimal + "[plugins]\npath = [\"two\", \"absent\"]\nrequire = { reca = \"9\" }\n");
  folder.write("sweep.toml", "schema = 1\nextends = \"deep/base.toml\"\n[plugins]\npath = [\"one\"]\n");
  const auto folders = spec::plugin_folders(spec::read_files(folder.path("sweep.toml")));
  EXPECT_THAT(folders, ElementsAre(folder.path("one"), folder.path("deep/two")));
}

TEST(PluginTable, AFilesRequirementComesBeforeThatOfWhatItExtends) {
  const SpecFolder folder;
  folder.write("base.toml", kMinimal + require("reca = \"9\"\nsft = \"9\""));
  const std::string child = "schema = 1\nextends = \"base.toml\"\n";
  EXPECT_THAT(folder.problems(child), ElementsAre("S118 base.toml:17:8", "S118 base.toml:18:7"));
  EXPECT_THAT(folder.problems(child + require("reca = \"1\"")), ElementsAre("S118 base.toml:18:7"));
}

TEST(Satisfies, Versions) {
  using spec::satisfies;
  EXPECT_EQ(satisfies("1.2.0", "1.2"), true);
  EXPECT_EQ(satisfies("1.2.0", "=1.2.1"), false);
  EXPECT_EQ(satisfies("1.10", ">1.9"), true);
  EXPECT_EQ(satisfies("1.10", "<=1.9"), false);
  EXPECT_EQ(satisfies("2", ">= 1.2 , < 2"), false);
  EXPECT_EQ(satisfies("1.99.7", ">=1.2,<2"), true);
  EXPECT_EQ(satisfies("nightly", ">=0"), false);  // cannot be compared
  for (const char* none : {"", ">=", "1.x", "1..2", ">=1,", "=>1", "-1", "1.2-rc1", "99999999999999999999"})
    EXPECT_EQ(satisfies("1", none), std::nullopt) << none;
}

}  // namespace
}  // namespace umm
