#include "shard_names.h"

#include <gmock/gmock.h>

#include "tar_writer.h"

namespace umm::webdataset {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ShardNames : public TarTest {
 protected:
  std::string problem(const std::string& shards, const std::string& names = "") const {
    return problem_of([&] { shard_paths(path(shards), names); });
  }
};

TEST(BraceRange, CountsUpwards) {
  EXPECT_THAT(expanded("a.tar"), ElementsAre("a.tar"));
  EXPECT_THAT(expanded("a-{08..11}.tar"), ElementsAre("a-08.tar", "a-09.tar", "a-10.tar", "a-11.tar"));
  EXPECT_THAT(expanded("{9..11}"), ElementsAre("9", "10", "11"));
  EXPECT_THAT(expanded("{0..10}").size(), 11u);
  EXPECT_EQ(expanded("{0..10}")[1], "1") << "one zero is no padding";
  EXPECT_THAT(expanded("{0..1}-{5..6}"), ElementsAre("0-5", "0-6", "1-5", "1-6"));
}

TEST(BraceRange, OtherBracesAreRefused) {
  for (const char* pattern :
       {"{", "}", "}{", "a{}b", "{1}", "{1..}", "{..1}", "{a..b}", "{1,2}", "{-1..1}", "{1..2", "{{1..2}}",
        "{2..1}", "{0..1000000}", "{0..9999}{0..9999}", "{0..99999999999999999999}"})
    EXPECT_THROW(expanded(pattern), InputError) << pattern;
}

TEST_F(ShardNames, AFolderIsItsTarsInTheOrderOfTheirNames) {
  for (const char* name : {"b.tar", "a.tar", "a.parquet", "notes.txt", "._a.tar", "below/c.tar"})
    write(name, "");
  EXPECT_THAT(shard_paths(folder_.string(), ""), ElementsAre(path("a.tar"), path("b.tar")));
  EXPECT_THAT(shard_paths(path("b.tar"), ""), ElementsAre(path("b.tar")));
  EXPECT_THAT(shard_paths(folder_.string(), "b.tar"), ElementsAre(path("b.tar")));
  write("c.tar.gz", "");
  EXPECT_EQ(shard_paths(folder_.string(), "").back(), path("c.tar.gz")) << "to be refused when it is opened";
}

TEST_F(ShardNames, ARangeChoosesFilesOfTheFolder) {
  for (const char* name : {"d-00.tar", "d-01.tar", "d-03.tar"}) write(name, "");
  EXPECT_THAT(shard_paths(folder_.string(), "d-{00..01}.tar"),
              ElementsAre(path("d-00.tar"), path("d-01.tar")));
  EXPECT_THAT(problem(".", "d-{00..03}.tar"), HasSubstr("d-02.tar"));
  EXPECT_THAT(problem("d-00.tar", "d-{00..03}.tar"), HasSubstr("but `shards` is the file"));
  EXPECT_THAT(problem(".", "../d-00.tar"), HasSubstr("without \"/\""));
}

TEST_F(ShardNames, PlacesWithoutShardsAreNamed) {
  EXPECT_THAT(problem("none"), AllOf(HasSubstr("`shards`"), HasSubstr("there is no '" + path("none"))));
  write("below/c.tar", "");
  EXPECT_THAT(problem("."),
              AllOf(HasSubstr("expected .tar files in "), HasSubstr("folders inside it are not")));
}

}  // namespace
}  // namespace umm::webdataset
