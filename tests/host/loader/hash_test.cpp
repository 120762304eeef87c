#include "loader/hash.h"

#include <gtest/gtest.h>

#include "tests/host/spec/spec_fixture.h"

namespace umm {
namespace {

TEST(Hash, TextAgreesWithThePublishedExample) {
  EXPECT_EQ(hash_text("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hash_text(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Hash, FileIsHashedByContentEvenIfLargerThanTheBuffer) {
  const SpecFolder folder;
  const std::string large(3'000'001, 'x');
  folder.write("large", large);
  EXPECT_EQ(hash_file(folder.path("large")), hash_text(large));
  EXPECT_THROW(hash_file(folder.path("absent")), InputError);
  EXPECT_THROW(hash_file(folder.path(".")), InputError);
}

TEST(Hash, FolderDependsOnNamesAndContentsOnly) {
  const SpecFolder a;
  a.write("base/one", "1");
  a.write("base/deep/two", "2");
  const SpecFolder b;
  b.write("base/deep/two", "2");
  b.write("base/one", "1");
  EXPECT_EQ(hash_folder(a.path("base")), hash_folder(b.path("base")));
  b.write("base/one", "changed");
  EXPECT_NE(hash_folder(a.path("base")), hash_folder(b.path("base")));
  b.write("base/one", "1");
  b.write("base/empty", "");
  EXPECT_NE(hash_folder(a.path("base")), hash_folder(b.path("base")));
  EXPECT_THROW(hash_folder(a.path("absent")), InputError);
}

}  // namespace
}  // namespace umm
