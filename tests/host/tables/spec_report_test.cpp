#include "tables/spec_report.h"

#include <gtest/gtest.h>

#include "results/run_folder.h"
#include "results/submission.h"
#include "spec/files.h"
#include "tests/results/small_database.h"

namespace umm {
namespace {

using results::Store;

void put_spec(Store& store, const std::string& text, const std::vector<std::string>& sets) {
  results::SubmittedSweep sweep;
  sweep.sweep = {"small", "", "specs/small.toml", text};
  sweep.submission = results::Submission{"node", {}, "0.1.0", "2.11.0", sets};
  store.put_sweep(sweep.sweep);
  put_submission(store, sweep);
}

const std::string kAxes = R"([[axis]]
name = "method"
key = "method.use"
values = ["sft", "reca"]
[[axis]]
name = "effort"
key = "train.updates"
values = [3, 30]
labels = ["short", "long"]
)";

TEST(SpecReport, TheSpecThenTheCommandLineDecide) {
  const results::TemporaryFolder folder;
  Store store = Store::open(folder / "results.sqlite");
  const std::string extended =
      kAxes + "[report]\nbaseline = { method = \"sft\", effort = \"long\" }\ncorrect = \"none\"\n";
  put_spec(store,
           "extends = \"base.toml\"\n[report]\nbaseline = { effort = \"short\" }\n" +
               spec::under_its_name("specs/base.toml", extended),
           {});
  auto asked = spec_report(store, "small");
  EXPECT_EQ(asked.baseline, (std::map<std::string, std::string>{{"method", "sft"}, {"effort", "short"}}));
  EXPECT_FALSE(asked.correct);
  EXPECT_EQ(asked.tables_html, "");
  put_spec(store, extended, {"report.baseline.effort=short", "report.correct=\"holm\"", "train.lr=7"});
  asked = spec_report(store, "small");
  EXPECT_EQ(asked.baseline.at("effort"), "short");
  EXPECT_TRUE(asked.correct);
}

// Runs have the labels.
TEST(SpecReport, ABaselineByItsValueIsTheRowOfItsLabel) {
  const results::TemporaryFolder folder;
  Store store = Store::open(folder / "results.sqlite");
  put_spec(store, kAxes + "[report]\nbaseline = { effort = 3 }\n", {});
  EXPECT_EQ(spec_report(store, "small").baseline.at("effort"), "short");
  put_spec(store, kAxes, {"report.baseline.effort=30"});
  EXPECT_EQ(spec_report(store, "small").baseline.at("effort"), "long");
}

TEST(SpecReport, NothingAskedAndNoSpecAtAll) {
  const results::TemporaryFolder folder;
  Store store = Store::open(folder / "results.sqlite");
  for (const char* text : {"", "name = \"small\"", "[report]\nbaseline = 7\ntables = \"x\"", "no [ TOML"}) {
    put_spec(store, text, {"report"});
    const auto asked = spec_report(store, "small");
    EXPECT_TRUE(asked.baseline.empty() && asked.correct && asked.tables_html.empty()) << text;
  }
}

TEST(SpecReport, TablesThatCannotBeMadeSayWhy) {
  const results::TemporaryFolder folder;
  Store store = results::open_small_database(folder);
  results::write_file(folder.path() / "good.toml",
                      "schema = 1\n[table]\ntitle = \"T\"\n"
                      "[[row]]\nname = \"ours <1>\"\nsweep = \"small\"\nlabel = \"reca\"\n[[column]]\n"
                      "name = \"Overall\"\nbenchmark = \"geneval\"\nmetric = \"overall\"\n");
  results::write_file(folder.path() / "bad.toml", "rows = 7");
  const std::string spec = "[report]\ntables = [\"" + folder / "good.toml" + "\", \"" + folder / "bad.toml" +
                           "\", \"gone <2>.toml\"]\n";
  results::query(store, "UPDATE sweep SET spec_text = '" + spec + "'");
  const std::string html = spec_report(store, "small").tables_html;
  EXPECT_NE(html.find("<th scope=\"row\">ours &lt;1&gt;</th><td class=\"measured\">"), std::string::npos)
      << html;
  EXPECT_NE(html.find("bad.toml: "), std::string::npos);
  EXPECT_NE(html.find("gone &lt;2&gt;.toml: the recipe is not here"), std::string::npos) << html;
}

}  // namespace
}  // namespace umm
