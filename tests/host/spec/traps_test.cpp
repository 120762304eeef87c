// What TOML's own rules make of slips of the pen, and values at the edge of what can be read.
#include <gmock/gmock.h>

#include "spec_fixture.h"

namespace umm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Traps, DuplicateKeysAndTables) {
  const SpecFolder folder;
  EXPECT_THAT(folder.problems(kMinimal + "lr = 1\n"), ElementsAre("S100 16:6"));
  EXPECT_THAT(folder.problems(kMinimal + "[base.train]\n"), ElementsAre("S100 16:1"));
  EXPECT_THAT(folder.problems(kMinimal + "[[base.train]]\n"), ElementsAre("S100 16:1"));
  EXPECT_THAT(folder.problems(kMinimal + "[base]\nseed = 1\n"), ElementsAre("S100 16:1"));
}

TEST(Traps, NumbersThatAreNone) {
  const SpecFolder folder;
  EXPECT_THAT(folder.problems(replaced(kMinimal, "4e-4", ".1")), ElementsAre("S100 15:6"));
  EXPECT_THAT(folder.problems(replaced(kMinimal, "4e-4", "1.")), ElementsAre("S100 15:8"));
  EXPECT_THAT(folder.problems(replaced(kMinimal, "seed = 0", "seed = 007")), ElementsAre("S100 5:11"));
}

// The array goes on until something does not fit into it: the place is behind the mistake.
TEST(Traps, AnUnclosedArrayIsFoundInTheNextLine) {
  const SpecFolder folder;
  const std::string spec = replaced(kMinimal, "lr = 4e-4", "betas = [0.9, 0.95\nlr = 4e-4");
  EXPECT_THAT(folder.problems(spec), ElementsAre("S100 16:1"));
  EXPECT_THAT(folder.message(spec), HasSubstr("16 | lr = 4e-4"));
}

TEST(Traps, ABareKeyBehindAnAxisBelongsToTheAxis) {
  const SpecFolder folder;
  EXPECT_THAT(folder.problems(kMinimal + kSeeds + "extends = \"x\"\n"), ElementsAre("S130 21:1"));
  EXPECT_THAT(folder.problems(kMinimal + kSeeds + "updates = 3\n"), ElementsAre("S101 21:1"));
  EXPECT_THAT(folder.problems(kMinimal + kSeeds + "metadata = { a = 1 }\n"), ElementsAre("S130 21:1"));
}

TEST(Traps, TabsAndCarriageReturns) {
  const SpecFolder folder;
  std::string spec = kMinimal + kSeeds + "[base.data.t2i]\r\n\tuse\t= \"wrld\"\n\tbatch = 1\n" + kMethods;
  spec = replaced(spec, "[base.data.t2i]\nuse = \"world\"\nbatch = 4\n", "");
  for (size_t at = 0; (at = spec.find('\n', at)) != std::string::npos; at += 2) {
    if (spec[at - 1] != '\r') spec.insert(at, "\r");
  }
  EXPECT_THAT(folder.problems(spec), ElementsAre("S110 22:8"));
  EXPECT_THAT(folder.message(spec),
              HasSubstr("22 | \tuse\t= \"wrld\"\n   | \t   \t  ^^^^^^ did you mean `world`?"));
  // A lone carriage return ends no line.
  EXPECT_THAT(folder.problems(replaced(kMinimal, "seed = 0\n", "seed = 0\r")), ElementsAre("S100 5:10"));
}

TEST(Traps, ColumnsCountCharactersNotBytes) {
  const SpecFolder folder;
  const std::string spec =
      replaced(kMinimal, "[base.train]\nupdates = 10\nlr = 4e-4\n",
               "train = { \"\xC3\xA4\xE2\x82\xAC\" = \"\xF0\x9F\x98\x80\", updates = 10, lr = 4e-4 }\n");
  // Behind [base.data.recon] it belongs there; what counts is the place.
  EXPECT_THAT(folder.problems(replaced(spec, "train = {", "[base.train]\nx = {")),
              ElementsAre("S107 13:7", "S107 13:7", "S101 14:1"));
  const std::string name = "[sweep]\nname = \"\xC3\xA4\"; nam = 1\n";
  EXPECT_THAT(folder.problems("schema = 1\n" + name), ElementsAre("S100 3:11"));
  const std::string arm = kMinimal + kMethods +
                          "[[arm]]\nwhen = { \"m\xC3\xA4thod\" = \"\xC3\xA4\", metod = 1 }\n" +
                          "set = { seed = 1 }\n";
  EXPECT_THAT(folder.problems(arm), ElementsAre("S109 24:10", "S109 24:26"));
  EXPECT_THAT(folder.message(arm), HasSubstr("   |                          ^^^^^ did you mean `method`?"));
}

TEST(Traps, ByteOrderMark) {
  const SpecFolder folder;
  EXPECT_THAT(folder.problems("\xEF\xBB\xBF" + kMinimal + "stpes = 1\n"), ElementsAre("S101 16:1"));
}

TEST(Traps, HugeIntegers) {
  const SpecFolder folder;
  EXPECT_EQ(folder.read(kMinimal, {"seed=9223372036854775807"}).runs.at(0).seed, 9223372036854775807u);
  EXPECT_THAT(folder.problems(replaced(kMinimal, "seed = 0", "seed = 9223372036854775808")),
              ElementsAre("S100 5:27"));
  EXPECT_THAT(folder.problems(kMinimal, {"seed=-9223372036854775808"}), ElementsAre("S121 set1:1:6"));
  EXPECT_THAT(folder.problems(kMinimal, {"train.updates=9223372036854775807"}),
              ElementsAre("S121 set1:1:15"));
  // As floating-point numbers these two are one.
  const std::string seeds = replaced(kSeeds, "[0, 1, 2]", "[9007199254740992, 9007199254740993]");
  EXPECT_EQ(folder.read(kMinimal + seeds).runs.size(), 2u);
}

TEST(Traps, NotANumberAndInfinity) {
  const SpecFolder folder;
  for (const char* value : {"nan", "-nan", "inf", "-inf"}) {
    EXPECT_THAT(folder.problems(kMinimal, {std::string("train.lr=") + value}), ElementsAre("S121 set1:1:10"))
        << value;
    EXPECT_THAT(folder.problems(kMinimal, {std::string("train.updates=") + value}),
                ElementsAre("S102 set1:1:15"));
  }
  const std::string axis = "[[axis]]\nname = \"x\"\nkey = \"train.lr\"\nvalues = [1, ";
  EXPECT_THAT(folder.problems(kMinimal + axis + "nan, nan]\n"), ElementsAre("S121 19:14", "S106 19:19"));
  EXPECT_THAT(folder.problems(kMinimal + axis + "inf]\n[[arm]]\nwhen = { x = inf }\nset = { seed = 1 }\n"),
              ElementsAre("S121 19:14"));
}

TEST(Traps, AnAxisWithOneValueOrNone) {
  const SpecFolder folder;
  const std::string axis = "[[axis]]\nname = \"x\"\nkey = \"train.lr\"\n";
  const Experiment experiment = folder.read(kMinimal + axis + "values = [1]\n");
  ASSERT_EQ(experiment.runs.size(), 1u);
  EXPECT_EQ(experiment.runs[0].name, "1");
  EXPECT_THAT(experiment.warnings, IsEmpty());
  EXPECT_THAT(folder.problems(kMinimal + axis + "values = []\n"), ElementsAre("S105 19:10"));
  EXPECT_THAT(folder.problems(kMinimal + "[[axis]]\n"), ElementsAre("S107 16:1", "S107 16:1", "S107 16:1"));
}

TEST(Traps, TheProductIsCappedBeforeItIsMade) {
  const SpecFolder folder;
  std::string spec = kMinimal;
  for (const char* key : {"seed", "data.recon.seed", "train.warmup", "train.horizon", "train.accumulation"}) {
    std::string values = "1";
    for (int i = 2; i <= 9000; ++i) values += "," + std::to_string(i);
    spec += "[[axis]]\nname = \"" + std::string(key) + "\"\nkey = \"" + key + "\"\nvalues = [" + values +
            "]\nreplicate = true\n";
  }
  EXPECT_THAT(folder.problems(spec), ElementsAre("S108 21:1"));
  EXPECT_THAT(folder.message(spec), HasSubstr("more than 100000 runs"));
}

}  // namespace
}  // namespace umm
