// What plugins declare, checked against what a spec says.
#include "spec/bind.h"

#include <gmock/gmock.h>

#include "spec_fixture.h"

namespace umm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Bind, UnknownPlugins) {
  const SpecFolder folder;
  const std::string spec = replaced(kMinimal, "\"reca\"", "\"rceA\"");
  EXPECT_THAT(folder.problems(spec), ElementsAre("S110 9:7"));
  EXPECT_THAT(folder.message(spec), HasSubstr("| use = \"rceA\"\n   |       ^^^^^^ did you mean `reca`?\n"
                                              "   = there are: sft, reca"));
  EXPECT_THAT(folder.problems(replaced(kMinimal, "\"toy\"", "\"bagel\"")), ElementsAre("S110 7:7"));
  EXPECT_THAT(folder.problems(replaced(kMinimal, "\"world\"", "\"word\"\nany = 1")),
              ElementsAre("S110 11:7"));
  EXPECT_THAT(folder.problems(kMinimal + "[eval.dpg]\nprompts = \"x\"\ndetector = \"y\"\nz = 1\n"),
              ElementsAre("S110 16:7", "S110 17:11", "S110 18:12"));
}

TEST(Bind, NoPluginOfAKind) {
  const SpecFolder folder;
  try {
    folder.read(kMinimal, {}, Catalogue::of({}));
    FAIL();
  } catch (const SpecError& error) {
    EXPECT_THAT(error.what(), HasSubstr("no plugin of this kind was found"));
  }
}

struct Misfit {
  const char* from;
  const char* to;
  const char* problem;
  const char* message;
};

class BindReports : public testing::TestWithParam<Misfit> {};

TEST_P(BindReports, WithPlaceAndReason) {
  const SpecFolder folder;
  const std::string spec = replaced(kMinimal, GetParam().from, GetParam().to);
  EXPECT_THAT(folder.problems(spec), ElementsAre(GetParam().problem));
  EXPECT_THAT(folder.message(spec), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Values, BindReports,
    testing::Values(
        Misfit{"\"toy\"", "\"toy\"\nwidth = 0", "S121 8:9",
               "`architecture.width` = 0 is out of range [1, 1024]"},
        Misfit{"\"toy\"", "\"toy\"\nwidth = 2.0", "S102 8:9", "must be an integer, found a number (2)"},
        Misfit{"\"toy\"", "\"toy\"\ntied = 1", "S102 8:8", "must be true or false, found an integer (1)"},
        Misfit{"\"toy\"", "\"toy\"\npreset = \"tinny\"", "S122 8:10", "did you mean `tiny`?"},
        Misfit{"\"toy\"", "\"toy\"\npreset = 2026-01-02", "S102 8:10", "found a date or time"},
        Misfit{"\"toy\"", "\"toy\"\nwdith = 3", "S101 8:1", "did you mean `width`?"},
        Misfit{"\"toy\"", "\"toy\"\nvocabulary = \"no.txt\"", "S131 8:14", "there is no file or folder"},
        Misfit{"\"toy\"", "\"toy\"\nbase = \"nowhere\"", "S131 8:8", "there is no file or folder"},
        Misfit{"\"toy\"", "\"toy\"\nbase = \"sweep.toml\"", "S131 8:8", "is not a folder"},
        Misfit{"use = \"toy\"", "width = 3", "S107 6:7", "`architecture.use` is missing"},
        Misfit{"use = \"reca\"", "lambda_i2t = 0", "S107 8:7", "`method.use` is missing"},
        Misfit{"\"reca\"", "\"reca\"\nlambda_recon = nan", "S121 10:16", "out of range [0, 10]"},
        Misfit{"\"reca\"", "\"reca\"\nlambda_recon = 0", "S111 9:7", "lambda_recon must be positive"},
        Misfit{"batch = 8", "seed = 8", "S107 10:12", "`data.recon.batch` is missing"},
        Misfit{"use = \"world\"", "seed = 8", "S107 10:12", "`data.recon.use` is missing"},
        Misfit{"updates = 10", "warmup = 0", "S107 13:7", "`train.updates` is missing"},
        Misfit{"updates = 10", "updates = 10\nwarmup = 11", "S123 15:10", "longer than the schedule of 10"},
        Misfit{"lr = 4e-4", "lr = -1", "S121 15:6", "out of range [0, 1000]"},
        Misfit{"lr = 4e-4", "lr = inf", "S121 15:6", "out of range [0, 1000]"},
        Misfit{"lr = 4e-4", "lr = 1\nschedule = \"cosin\"", "S122 16:12", "did you mean `cosine`?"},
        Misfit{"lr = 4e-4", "lr = 1\nbetas = [0.9]", "S102 16:9", "a list of two numbers"},
        Misfit{"lr = 4e-4", "lr = 1\nbetas = [0.9, 1]", "S121 16:15", "out of range [0, 1)"},
        Misfit{"lr = 4e-4", "lr = 1\ntrain = [\"a\", 2]", "S102 16:15", "a list of text"},
        Misfit{"lr = 4e-4", "lr = 1\nflow_cycle = [\"recon\"]", "S102 16:15", "a list of text"},
        Misfit{"lr = 4e-4", "lr = 1\nflow_cycle = [[\"recno\"]]", "S143 16:16", "did you mean `recon`?"},
        Misfit{"lr = 4e-4", "lr = 1\nflow_cycle = [[]]", "S143 16:15", "has no flow"},
        Misfit{"seed = 0", "seed = -1", "S121 5:8", "must be at least 0"},
        Misfit{"seed = 0", "seed = \"0\"", "S102 5:8", "`seed` must be an integer, found text (\"0\")"},
        Misfit{"[base]", "[resources]\ndevice = \"gpu\"\n[base]", "S122 5:10", "cuda:<number>"}));

TEST(Bind, OptionMessageNamesItsPlugin) {
  const SpecFolder folder;
  EXPECT_THAT(folder.message(replaced(kMinimal, "\"reca\"", "\"reca\"\nlambda_i2t = 11")),
              HasSubstr("= declared by reca, option `lambda_i2t`: weight of captioning"));
}

TEST(Bind, IntegerWhereANumberIsExpected) {
  const SpecFolder folder;
  const auto run = folder.read(replaced(kMinimal, "\"reca\"", "\"reca\"\nlambda_recon = 2")).runs.at(0);
  EXPECT_EQ(run.stages[0].method.options.number("lambda_recon"), 2.0);
}

TEST(Bind, MissingAndMisspeltFlow) {
  const SpecFolder folder;
  const std::string spec = replaced(kMinimal, "data.recon", "data.recno");
  EXPECT_THAT(folder.problems(spec), ElementsAre("S141 9:7", "S142 10:12"));
  EXPECT_THAT(folder.message(spec), HasSubstr("did you mean `recon`?"));
  EXPECT_THAT(folder.problems(kMinimal + "[base.data.t2i]\nuse = \"world\"\nbatch = 1\n"),
              ElementsAre("S142 16:12"));
}

TEST(Bind, CapabilitiesAreCheckedBeforeAnythingRuns) {
  const SpecFolder folder;
  const std::string spec = replaced(kMinimal, "\"toy\"", "\"blind\"");
  EXPECT_THAT(folder.problems(spec), ElementsAre("S140 7:7"));
  EXPECT_THAT(folder.message(spec),
              HasSubstr("\"blind\" does not implement what method \"reca\" needs: image_encoder"));
  EXPECT_THAT(folder.message(spec + kEvaluation),
              HasSubstr("does not generate images, which [eval.geneval] needs"));
}

TEST(Bind, CapabilitiesDependOnTheOptions) {
  const SpecFolder folder;
  const std::string i2t = "[base.data.i2t]\nuse = \"world\"\nbatch = 1\n";
  EXPECT_THAT(folder.message(kMinimal + i2t, {"method.lambda_i2t=1"}), HasSubstr("needs: text_objective"));
  EXPECT_THAT(folder.problems(kMinimal, {"method.lambda_i2t=1"}), ElementsAre("S140 7:7", "S141 9:7"));
}

TEST(Bind, Evaluations) {
  const SpecFolder folder;
  const auto problems = [&](const std::string& more) {
    return folder.problems(kMinimal + kEvaluation + more);
  };
  EXPECT_THAT(folder.problems(kMinimal + "[eval.geneval]\n"), ElementsAre("S107 16:7", "S107 16:7"));
  EXPECT_THAT(folder.problems(kMinimal + "[eval.x]\nuse = \"geneval\"\nprompts = 3\n"),
              ElementsAre("S107 16:7", "S102 18:11"));
  EXPECT_THAT(problems("weights = \"ema\"\n"), ElementsAre("S144 19:11"));
  EXPECT_THAT(problems("weights = \"best\"\n"), ElementsAre("S122 19:11"));
  EXPECT_THAT(problems("sampling = { step = 3 }\n"), ElementsAre("S101 19:14"));
  EXPECT_THAT(problems("images_per_prompt = 0\nseed = -3\n"), ElementsAre("S121 19:21", "S121 20:8"));
  EXPECT_THAT(problems("prompt_options = { captions = \"rich\" }\n"), ElementsAre("S122 19:31"));
  EXPECT_THAT(problems("detector_options.treshold = 1\n"), ElementsAre("S101 19:18"));
  EXPECT_THAT(problems("strict = false\n"), IsEmpty());
  EXPECT_THAT(folder.problems(kMinimal + replaced(kEvaluation, "\"world\"", "\"p.jsonl\"")),
              ElementsAre("S131 17:11"));
  EXPECT_THAT(folder.problems(kMinimal + replaced(kEvaluation, "geneval", "\"gen eval\"")),
              ElementsAre("S113 16:7"));
}

TEST(Bind, PromptsFromAFile) {
  const SpecFolder folder;
  folder.write("p.jsonl", "{}");
  const auto run = folder.read(kMinimal + replaced(kEvaluation, "\"world\"", "\"p.jsonl\"")).runs.at(0);
  EXPECT_EQ(run.evaluations[0].prompt_file, folder.path("p.jsonl"));
  EXPECT_EQ(run.evaluations[0].prompt_set.id, "");
}

}  // namespace
}  // namespace umm
