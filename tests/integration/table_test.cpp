// `ummbench table` with recipes: every format, what it refuses, and --check.
#include <gmock/gmock.h>

#include "tests/integration/program.h"
#include "tests/results/small_database.h"

namespace umm::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kRows = R"(
[[row]]
name = "base"
[[row]]
name = "SFT & more"
label = "sft"
[[row]]
name = "RecA"
label = "reca"
)";

constexpr const char* kColumns = R"(
[[column]]
name = "color_attr"
group = "GenEval"
benchmark = "geneval"
metric = "color_attr"
[[column]]
name = "overall"
group = "GenEval"
benchmark = "geneval"
metric = "overall"
interval = "brackets"
[[column]]
name = "hours"
cost = "train_device_hours"
scale = 1
better = "lower"
)";

constexpr const char* kTable = R"(schema = 1
[table]
title = "100 % of _it_"
sweep = "small"
baseline = "base"
digits = 1
scale = 100
best = "bold"
second_best = "underline"
)";

class TableTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    store_.emplace(results::Store::open(folder_ / "results.sqlite"));
    results::fill_small_database(*store_);
    write("t.toml", std::string(kTable) + kRows + kColumns);
  }
  void TearDown() override {
    store_.reset();
    ProgramTest::TearDown();
  }

  Finished table(const std::string& arguments) const {
    return run("table results.sqlite --recipe " + arguments);
  }

  // The recipe with `from` replaced.
  void change(const std::string& from, const std::string& to) const {
    std::string text = std::string(kTable) + kRows + kColumns;
    const size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    write("t.toml", text.replace(at, from.size(), to));
  }

  std::optional<results::Store> store_;
};

TEST_F(TableTest, TextSaysWhatIsBestAndWhatItWasMadeFrom) {
  const auto done = table("t.toml");
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("# database        results.sqlite\n"));
  EXPECT_THAT(done.out, HasSubstr("# protocol        overall: geneval aaaabbbbccccdddd\n"));
  EXPECT_THAT(done.out,
              HasSubstr("# run             RecA, seed 1: " + results::small_run("reca", 1).identity));
  EXPECT_THAT(done.out, HasSubstr("<87.5>* [66.7, 100.0]"));
  EXPECT_THAT(done.out, HasSubstr("_41.7_ [18.8, 64.6]"));
  EXPECT_THAT(done.out, HasSubstr("Holm-corrected for 4 comparisons"));
}

TEST_F(TableTest, AnOutputFolderStandsForItsDatabase) {
  const auto of_folder = run("table ."), of_file = run("table results.sqlite");
  EXPECT_EQ(of_folder.exit_code, 0) << of_folder.err;
  EXPECT_EQ(of_folder.out, of_file.out);
  EXPECT_EQ(run("table . --recipe t.toml").out, table("t.toml").out);
  EXPECT_THAT(run("table nowhere").err, HasSubstr("nowhere: expected a database or an output folder"));
}

TEST_F(TableTest, FormatsEscapeWhatTheyMust) {
  EXPECT_THAT(
      table("t.toml --format latex").out,
      ::testing::AllOf(HasSubstr("SFT \\& more & "), HasSubstr("\\caption{100 \\% of \\_it\\_}"),
                       HasSubstr("\\cmidrule(lr){2-3}"), HasSubstr("\\textbf{87.5}* {[}66.7, 100.0{]}")));
  EXPECT_THAT(
      table("t.toml --format html").out,
      ::testing::AllOf(HasSubstr("<th scope=\"row\">SFT &amp; more</th>"), HasSubstr("<b>87.5</b>*")));
  EXPECT_THAT(table("t.toml --format markdown").out,
              ::testing::AllOf(HasSubstr("| RecA | **75.0**"), HasSubstr("GenEval color\\_attr")));
  EXPECT_THAT(table("t.toml --format csv").out,
              HasSubstr("\nRecA,GenEval,overall,measured,87.5,66.66666666666666,100,2,2,"));
}

TEST_F(TableTest, LatexCompiles) {
  if (std::system("pdflatex --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "there is no pdflatex here";
  change("name = \"RecA\"", "name = '''[R--e] \\ {C}$ # ~^ <a> | \"q\" \u2264 \u00D7 \u2192 \u00E9'''");
  ASSERT_EQ(table("t.toml --format latex --output t.tex").exit_code, 0);
  write("main.tex",
        "\\documentclass{article}\\usepackage{booktabs}\\begin{document}\\input{t}\\end{document}\n");
  const auto done = run_command("pdflatex -interaction=nonstopmode -halt-on-error main.tex");
  EXPECT_EQ(done.exit_code, 0) << done.out;
  EXPECT_TRUE(fs::exists(folder_ / "main.pdf"));
}

TEST_F(TableTest, MistakesAreNamedWithTheirPlaces) {
  change("best = \"bold\"", "bets = \"bold\"\ninterval = \"bracket\"");
  auto done = table("t.toml");
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_THAT(done.err, HasSubstr("unknown key `bets` in [table]"));
  EXPECT_THAT(done.err, HasSubstr("--> t.toml:8:1"));
  EXPECT_THAT(done.err, HasSubstr("did you mean `brackets`?"));
  change("digits = 1", "digits = 12");
  EXPECT_THAT(table("t.toml").err,
              HasSubstr("`digits` in [table] must be an integer from 0 to 9, found 12\n  --> t.toml:6:10"));
  change("metric = \"overall\"", "metric = \"overal\"");
  done = table("t.toml");
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_THAT(done.err, HasSubstr("t.toml:25:1: `geneval` has no metric `overal`"));
  EXPECT_THAT(done.err, HasSubstr("it has `color_attr`, `counting`, `overall`, `single_object`"));
  change("label = \"sft\"", "label = \"stf\"");
  EXPECT_THAT(table("t.toml").err,
              HasSubstr("sweep `small` has no runs labelled `stf`; its labels are `base`"));
  change("cost = \"train_device_hours\"", "cost = \"train_hours\"");
  EXPECT_THAT(table("t.toml").err, HasSubstr("there is no cost `train_hours`"));
  EXPECT_EQ(run("table --recipe t.toml").exit_code, 2);
  EXPECT_THAT(run("table results.sqlite --recipe none.toml").err, HasSubstr("none.toml: no such recipe"));
}

TEST_F(TableTest, MistakesHaveTheCodesOfSpecs) {
  const auto expect_error = [&](const std::string& from, const std::string& to, const std::string& error) {
    change(from, to);
    EXPECT_THAT(table("t.toml").err, HasSubstr(error));
  };
  expect_error("best = \"bold\"", "best = \"blod\"", "error[S122]: `best` in [table] cannot be \"blod\"");
  expect_error("cost = \"train_device_hours\"", "cost = \"train_hours\"", "error[S122]: there is no cost");
  expect_error("baseline = \"base\"", "baseline = \"bsae\"",
               "error[S122]: row `base` has the baseline `bsae`");
  expect_error("digits = 1", "digits = 12",
               "error[S121]: `digits` in [table] must be an integer from 0 to 9");
  expect_error("scale = 100", "scale = 1e13", "error[S121]: `scale` in [table]");
  expect_error("digits = 1", "digits = \"one\"", "error[S102]: `digits` in [table]");
}

TEST_F(TableTest, ProtocolsNeverShareAColumn) {
  auto other = results::small_evaluation("sft7", "ffff00001111");
  other.protocol_text = "images_per_prompt = 12";
  store_->put_sweep({"other", "", "", ""});
  auto sft = results::small_run("sft", 7);
  sft.sweep = "other";
  store_->put_run(sft, results::small_stages("sft", 7));
  store_->put_evaluation(sft.identity, other, results::small_items(), results::small_evidence({1, 1, 1}),
                         results::small_scores({1, 1, 1}), {});
  change("label = \"sft\"", "label = \"sft\"\nsweep = \"other\"");
  const auto done = table("t.toml");
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_THAT(done.err, HasSubstr("`images_per_prompt` is 2 in `base`, seed 0 (run "));
  EXPECT_THAT(done.err, HasSubstr("and 12 in `sft`, seed 7 (run " + sft.identity.substr(0, 12)));
  EXPECT_THAT(done.err, HasSubstr("never share a column"));
}

TEST_F(TableTest, WhatIsMissingIsADashWithItsReason) {
  store_->put_run(results::small_run("reca", 2), results::small_stages("reca", 2));
  store_->fail_run(results::small_run("reca", 2).identity, "loss is not finite");
  store_->put_run(results::small_run("ema", 0), results::small_stages("ema", 0));
  change("label = \"sft\"", "label = \"ema\"");
  const auto done = table("t.toml");
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("(n=2/3)"));
  EXPECT_THAT(done.out, HasSubstr("RecA, seed 2: failed: loss is not finite"));
  EXPECT_THAT(done.out, HasSubstr("\u2013 SFT & more: color_attr, overall, hours: unevaluated"));
}

TEST_F(TableTest, ReportedValuesAreMarkedAndNeverRankedWithMeasuredOnes) {
  write("figures.csv",
        "paper,version,place,row,benchmark,metric,value,unit,trust,note,sweep,label\n"
        "P,v1,table 1,ours,geneval,overall,99.0,percent,by_eye,,,\n"
        "P,v2,table 1,ours,geneval,overall,98.0,percent,by_eye,,,\n"
        "P,v1,table 1,theirs,geneval,overall,0.5,fraction,primary,,,\n");
  const std::string reported = "[reported]\nfiles = [\"figures.csv\"]\n";
  const std::string rows =
      "[[row]]\nname = \"theirs\"\nmeasured = false\nreported = \"theirs\"\n"
      "[[row]]\nname = \"reca\"\nreported = \"ours\"\nversion = \"v1\"\n"
      "[[row]]\nname = \"sft\"\n";
  const std::string both =
      std::string(kTable).replace(std::string(kTable).find("title"), 5, "source = \"both\"\ntitle");
  std::string text = both + reported + rows + kColumns;
  const std::string base = "baseline = \"base\"\n";
  write("t.toml", text.erase(text.find(base), base.size()));
  const auto done = table("t.toml");
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("<87.5> [66.7, 100.0] (99.0\u2020)"));
  EXPECT_THAT(done.out, HasSubstr(" 50.0\u2020"));
  EXPECT_THAT(
      done.out,
      HasSubstr("\u2020 reported, not measured here: P (v1), table 1, primary; P (v1), table 1, by_eye."));
  // Without a database: what was reported, and why the rest is not there.
  const auto alone = run("table --recipe t.toml --format csv");
  ASSERT_EQ(alone.exit_code, 0) << alone.err;
  EXPECT_THAT(alone.out, HasSubstr("reca,GenEval,overall,reported,99,"));
  EXPECT_THAT(alone.out, HasSubstr("sft,GenEval,overall,missing,,,,,,,no database was given; not reported"));
  EXPECT_THAT(alone.out, HasSubstr("# database        none\n"));
  text.erase(text.find("version = \"v1\"\n"), 15);
  write("t.toml", text);
  EXPECT_THAT(table("t.toml").err, HasSubstr("two reported values of `geneval.overall` fit row `reca`"));
  text.replace(text.find("\"ours\""), 6, "\"hours\"");
  write("t.toml", text);
  EXPECT_THAT(table("t.toml").err, HasSubstr("have no row `hours`; they have `ours`, `theirs`"));
}

TEST_F(TableTest, CheckFindsDriftInEveryFormat) {
  fs::create_directories(folder_ / "paper");
  for (const std::string format : {"text", "markdown", "csv", "latex", "html"}) {
    const std::string file = "paper/table." + format;
    ASSERT_EQ(table("t.toml --format " + format + " --output " + file).exit_code, 0);
    const auto same = run("table --check " + file);
    EXPECT_EQ(same.exit_code, 0) << same.out << same.err;
    EXPECT_EQ(same.out, "");
    std::string text = read_text(folder_ / file);
    const size_t at = text.rfind("87.5");
    ASSERT_NE(at, std::string::npos);
    write(file, text.replace(at, 4, "97.5"));
    const auto drifted = run("table --check " + file);
    EXPECT_EQ(drifted.exit_code, 1);
    EXPECT_THAT(drifted.out, HasSubstr("\n+"));
    EXPECT_THAT(drifted.out, ::testing::AllOf(HasSubstr("97.5"), HasSubstr("87.5"), Not(HasSubstr("base"))));
  }
  // A sweep that the table does not show leaves it alone; a changed score does not.
  ASSERT_EQ(table("t.toml > here.txt").exit_code, 0);
  write("here.txt", read_text(folder_ / "out.txt"));
  store_->put_sweep({"unrelated", "", "", ""});
  EXPECT_EQ(run("table results.sqlite --recipe t.toml --output here.txt").exit_code, 0);
  EXPECT_EQ(run("table --check here.txt").exit_code, 0);
  // Where its files lie is not what a table says.
  std::string moved = read_text(folder_ / "here.txt");
  moved.replace(moved.find("t.toml"), 6, (folder_ / "t.toml").string());
  write("here.txt", moved);
  EXPECT_EQ(run("table --check here.txt").exit_code, 0);
  EXPECT_EQ(run("table --check t.toml").exit_code, 2);
}

TEST_F(TableTest, PaperTablesShowWhatWasReported) {
  for (const auto& entry : fs::directory_iterator(UMM_SOURCE_DIR "/experiments/paper/tables")) {
    if (entry.path().extension() != ".toml") continue;
    for (const std::string arguments : {"table --recipe ", "table results.sqlite --recipe "}) {
      const auto done = run(arguments + entry.path().string() + " --format latex");
      EXPECT_EQ(done.exit_code, 0) << done.err;
      EXPECT_THAT(done.out, HasSubstr("\\bottomrule"));
    }
  }
  const auto order = run("table --recipe " UMM_SOURCE_DIR "/experiments/paper/tables/t06.toml");
  EXPECT_THAT(order.out, HasSubstr("<90.15>\u2020"));
}

}  // namespace
}  // namespace umm::testing
