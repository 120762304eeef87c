#include "loader/catalogue.h"

#include "foreign_library.h"
#include "umm/error.h"

namespace umm::testing {
namespace {

using CatalogueTest = PluginFolder;

TEST_F(CatalogueTest, LoadsWhatThisBuildMade) {
  const Catalogue catalogue = Catalogue::load({UMM_BINARY_DIR "/plugins"});
  EXPECT_TRUE(catalogue.rejected().empty());
  ASSERT_NE(catalogue.find(PluginKind::method, "reca"), nullptr);
  EXPECT_EQ(catalogue.at(PluginKind::method, "reca").content_hash.size(), 64u);
  EXPECT_EQ(catalogue.find(PluginKind::dataset, "reca"), nullptr);
}

TEST_F(CatalogueTest, ARefusedLibraryIsListedAndTheOthersLoad) {
  fs::copy_file(kRealPlugin, folder_ / "sft.umm.so");
  write("other_torch.umm.so", forged("torch_cpu_build_id"));
  write("text.umm.so", "hello");
  write("notes.txt", "not a plugin by its name");
  const Catalogue catalogue = Catalogue::load({folder_});
  EXPECT_EQ(catalogue.entries().size(), 1u);
  ASSERT_EQ(catalogue.rejected().size(), 2u);
  EXPECT_EQ(catalogue.rejected()[0].code, "P005");
  const std::string text = to_text(catalogue.rejected()[0]);
  EXPECT_NE(text.find("needs   torch_cpu_build_id xxx"), std::string::npos) << text;
  EXPECT_NE(text.find("nothing from the plugin was executed"), std::string::npos) << text;
  EXPECT_EQ(catalogue.rejected()[1].code, "P001");
}

TEST_F(CatalogueTest, ACopyOfALibraryIsPassedOver) {
  fs::copy_file(kRealPlugin, folder_ / "a.umm.so");
  fs::copy_file(kRealPlugin, folder_ / "b.umm.so");
  const Catalogue catalogue = Catalogue::load({folder_});
  ASSERT_EQ(catalogue.entries().size(), 1u);
  EXPECT_EQ(catalogue.entries()[0].file, folder_ / "a.umm.so");
  EXPECT_TRUE(catalogue.rejected().empty());
}

TEST_F(CatalogueTest, TheSameIdTwiceIsP011) {
  fs::copy_file(kRealPlugin, folder_ / "a.umm.so");
  write("b.umm.so", bytes_of(kRealPlugin) + "another build");
  const Catalogue catalogue = Catalogue::load({folder_});
  EXPECT_EQ(catalogue.entries().size(), 1u);
  ASSERT_EQ(catalogue.rejected().size(), 1u);
  const std::string text = to_text(catalogue.rejected()[0]);
  EXPECT_EQ(catalogue.rejected()[0].code, "P011") << text;
  EXPECT_NE(text.find((folder_ / "a.umm.so").string()), std::string::npos) << text;
}

TEST_F(CatalogueTest, AnUnknownIdListsWhatThereIs) {
  fs::copy_file(kRealPlugin, folder_ / "sft.umm.so");
  const Catalogue catalogue = Catalogue::load({folder_, folder_ / "absent"});
  try {
    catalogue.at(PluginKind::method, "stf");
    FAIL() << "an unknown id was found";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("sft"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace umm::testing
