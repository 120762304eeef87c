// What a bundle says of itself, and whether it is so.
#include "bundle/manifest.h"

#include "loader/hash.h"
#include "tests/host/bundle/scratch_folder.h"

namespace umm::testing {
namespace {

using ::testing::HasSubstr;

class ManifestTest : public ScratchFolder {
 protected:
  void SetUp() override {
    manifest_.program_version = "0.1.0";
    manifest_.schema_version = 2;
    manifest_.sweep = "small";
    manifest_.spec = "spec/a.toml";
    manifest_.spec_files = {{"there/a.toml", "spec/a.toml"}};
    manifest_.submitted.program_version = "0.0.9";
    manifest_.submitted.torch_version = "2.11.0";
    manifest_.submitted.overrides = {"seed=3"};
    manifest_.plugins = {{"method", "reca", "1.2.0", "ffff"}};
    manifest_.inputs = {{"data", "eeee", ""}};
    manifest_.files = {{"spec/a.toml", 1, hash_text("x")}};
    write("spec/a.toml", "x");
    write(kManifestName, to_text(manifest_));
  }
  std::string refused() const {
    return refusal([&] { read_bundle_folder(folder_); });
  }
  std::string refused_with(const BundleManifest& manifest) const {
    write(kManifestName, to_text(manifest));
    return refused();
  }

  BundleManifest manifest_;
};

TEST_F(ManifestTest, ComesBackAsItWas) {
  EXPECT_EQ(to_text(read_bundle_folder(folder_)), to_text(manifest_));
}

TEST_F(ManifestTest, WhatIsNotAsItSaysIsNamed) {
  write("spec/a.toml", "y");
  EXPECT_THAT(refused(), HasSubstr("spec/a.toml: has other bytes than the manifest says"));
  write("spec/a.toml", "x");
  write("spec/b.toml", "x");
  EXPECT_THAT(refused(), HasSubstr("spec/b.toml: is in the bundle, and its manifest does not know it"));
  fs::remove(folder_ / "spec/b.toml");
  fs::remove(folder_ / "spec/a.toml");
  EXPECT_THAT(refused(), HasSubstr("spec/a.toml: is missing"));
}

TEST_F(ManifestTest, NamesThatLeadOutAreRefused) {
  auto hostile = manifest_;
  hostile.files[0].name = "../a.toml";
  EXPECT_THAT(refused_with(hostile), HasSubstr("names \"../a.toml\""));
  hostile = manifest_;
  hostile.spec_files = {{"a", "/etc/passwd"}};
  EXPECT_THAT(refused_with(hostile), HasSubstr("names \"/etc/passwd\""));
  hostile = manifest_;
  hostile.inputs[0].place = "inputs/../../x";
  EXPECT_THAT(refused_with(hostile), HasSubstr("names \"inputs/../../x\""));
  write(kManifestName, "{\"format\": 2}");
  EXPECT_THAT(refused(), HasSubstr("is of format 2, this ummbench reads format 1"));
  write(kManifestName, "[1, ");
  EXPECT_THAT(refused(), HasSubstr("this is no manifest of a bundle"));
}

}  // namespace
}  // namespace umm::testing
