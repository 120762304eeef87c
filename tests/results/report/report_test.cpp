#include "results/report/report.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "results/report/baseline.h"
#include "results/report/chart.h"
#include "results/report/charts.h"
#include "results/report/html.h"
#include "results/report/prompts.h"
#include "results/run_folder.h"
#include "results/table.h"
#include "tests/results/report/big_sweep.h"
#include "tests/results/report/page_json.h"
#include "tests/results/small_database.h"

namespace umm::results {
namespace {

std::string small_page(const TemporaryFolder& folder) {
  const Store store = open_small_database(folder);
  return report_page(store, {.sweep = "small", .program_version = "0.1.0", .page_folder = folder.path()});
}

size_t count(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++found;
  return found;
}

TEST(Html, NothingBecomesMarkup) {
  EXPECT_EQ(escaped_html("<a href='x'>\"&"), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;");
  EXPECT_EQ(escaped_html("caf\xC3\xA9 \xE2\x9C\x93"), "caf\xC3\xA9 \xE2\x9C\x93");
  const std::string replaced = "\xEF\xBF\xBD";
  EXPECT_EQ(escaped_html(std::string("a\0b", 3)), "a" + replaced + "b");
  for (const char* broken : {"\xC3", "\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80"})
    EXPECT_EQ(escaped_html(broken).substr(0, 3), replaced) << broken;
  EXPECT_EQ(json_element("a\"b", R"("</script><!--")"),
            "<script type=\"application/json\" id=\"a&quot;b\">\"\\u003c/script>\\u003c!--\"</script>\n");
}

TEST(Html, SmallThings) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("M"), "TQ==");
  EXPECT_EQ(base64("Ma"), "TWE=");
  EXPECT_EQ(base64("Man"), "TWFu");
  EXPECT_EQ(policy_hash("alert('Hello, world.');"), "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='");
  EXPECT_EQ(encoded_path("../a b/\"x\"%"), "../a%20b/%22x%22%25");
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(12.345), "12.3");
  EXPECT_EQ(number_text(0.5), "0.5");
  EXPECT_EQ(number_text(1234.5), "1234");
}

TEST(Charts, FrontIsWhatNothingBeats) {
  std::vector<TableRow> rows(4);
  rows[0].overall = 0.5, rows[0].train_device_hours = 0;
  rows[1].overall = 0.6, rows[1].train_device_hours = 2;
  rows[2].overall = 0.6, rows[2].train_device_hours = 3;
  rows[3].overall = 0.7, rows[3].train_device_hours = 9;
  EXPECT_EQ(pareto_front(rows), (std::vector<bool>{true, true, false, true}));
}

TEST(Charts, TicksAreToldApart) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(tick_texts({0, 0.25, 0.5}), (Texts{"0", "0.25", "0.5"}));
  EXPECT_EQ(tick_texts({0.0009, 0.00092, 0.00094}), (Texts{"9.0e-04", "9.2e-04", "9.4e-04"}));
  EXPECT_EQ(tick_texts({1e-4, 1.5e-4}), (Texts{"1.0e-04", "1.5e-04"}));
  EXPECT_EQ(tick_texts({1e-5, 1e-4, 1e-3}), (Texts{"1e-05", "1e-04", "0.001"}));
  EXPECT_EQ(tick_texts({12'000, 12'500}), (Texts{"12k", "12.5k"}));
  EXPECT_EQ(tick_texts({2'000'000, 2'001'000, 2'002'000}), (Texts{"2M", "2.001M", "2.002M"}));
  EXPECT_EQ(tick_texts({7}), (Texts{"7"}));
  EXPECT_EQ(tick_texts({}), Texts{});
}

TEST(Charts, ThinnedCurvesKeepTheirPeaks) {
  std::vector<std::pair<double, double>> points;
  for (int i = 0; i < 10'000; ++i) points.emplace_back(i, i == 4321 ? 99 : i % 7);
  const auto kept = thinned(points, 75);
  EXPECT_LE(kept.size(), 150u);
  EXPECT_TRUE(std::count(kept.begin(), kept.end(), std::pair(4321.0, 99.0)));
  EXPECT_TRUE(std::is_sorted(kept.begin(), kept.end()));
}

TEST(Report, HasWhatTheTableHas) {
  const TemporaryFolder folder;
  const std::string page = small_page(folder);
  for (const Table& table : build_tables(Store::open_read_only(folder / "results.sqlite"), "small"))
    for (const TableRow& row : table.rows) {
      EXPECT_NE(page.find(">" + row.label + "</th>"), std::string::npos);
      EXPECT_NE(page.find(fmt::format("[{:.3f}, {:.3f}]", row.interval->low, row.interval->high)),
                std::string::npos);
    }
  for (const char* text : {"loss is not finite", "name = &quot;small&quot;", "images_per_prompt = 2",
                           "oracle 1", "aaaabbbbccccdddd", "guidance_scale = 1"})
    EXPECT_NE(page.find(text), std::string::npos) << text;
  const auto json = json_of(page);
  EXPECT_EQ(json.at("prompts-0").at("prompt").size(), 12u);
  EXPECT_EQ(json.at("prompts-0").at("rows").size(), 3u);
  EXPECT_EQ(json.at("evidence-0-2-1").at("score").get<std::string>().size(), 24u);
}

TEST(Report, WhereItWasStartedStandsInTheProvenance) {
  const TemporaryFolder folder;
  const Store store = open_small_database(folder);
  SubmittedSweep sweep;
  sweep.sweep.name = "small";
  sweep.runs.emplace_back(small_run("reca", 0), small_stages("reca", 0));
  sweep.submission = Submission{"node <7>", {}, "0.1.0", "2.11.0", {}, "abcdef", true, "-a\n+b"};
  sweep.sources = {{{{"method", "reca", "3", "ffff"}}, {}}};
  put_submission(store, sweep);
  const std::string page = report_page(store, {.sweep = "small", .program_version = ""});
  for (const char* text :
       {"node &lt;7&gt;", "abcdef, with changes", "Plugins (1)", "<td>reca</td><td>3</td>"})
    EXPECT_NE(page.find(text), std::string::npos) << text;
}

TEST(Report, ACurveIsShownSoFarUntilTheStageIsComplete) {
  const TemporaryFolder folder;
  Store store = open_small_database(folder);
  const StageRow stage = small_stages("reca", 1)[1];
  query(store,
        "UPDATE attempt SET status = 'interrupted' WHERE stage_id = (SELECT id FROM stage WHERE "
        "identity = '" +
            stage.identity + "')");
  const auto attempt = store.begin_attempt({stage.identity, small_run("reca", 1).identity, 9});
  store.add_curve_points(attempt, {{1, "loss", 2.5}, {7, "loss", 1.5}});
  const auto shows = [&](const std::string& title) {
    const std::string page = report_page(store, {.sweep = "small", .program_version = ""});
    return count(page, "<title>" + title + "</title>");
  };
  EXPECT_EQ(shows("reca, seed 1 (running)"), 1u);
  EXPECT_EQ(shows("reca, seed 1"), 0u);
  store.finish_attempt(attempt, {}, {}, {{1, "loss", 2.5}, {9, "loss", 1.25}});
  EXPECT_EQ(shows("reca, seed 1 (running)"), 0u);
  EXPECT_EQ(shows("reca, seed 1"), 1u);
}

TEST(Report, CostsHaveWhatWasMetered) {
  const TemporaryFolder folder;
  Store store = open_small_database(folder);
  const auto page = [&] { return report_page(store, {.sweep = "small", .program_version = ""}); };
  for (const char* column : {"energy Wh", "judge calls", "model TFLOP"})
    EXPECT_EQ(page().find(column), std::string::npos) << column;
  query(store,
        "UPDATE cost SET energy_joules = 7200, tokens = 1234567, model_flops = 5e12, judge_calls = 3, "
        "judge_tokens_in = 4000, judge_tokens_out = 50 WHERE phase = 'score'");
  const std::string metered = page();
  // Five evaluations.
  for (const char* text : {"energy Wh", ">10</td>", ">6172835</td>", "model TFLOP", ">25</td>", "judge calls",
                           ">15</td>", ">20000</td>", ">250</td>", "20000 tokens in, 250 out"})
    EXPECT_NE(metered.find(text), std::string::npos) << text;
}

TEST(Report, RowsAreComparedWithTheSpecsBaseline) {
  const TemporaryFolder folder;
  const Store store = open_small_database(folder);
  Table table = build_tables(store, "small").front();
  const auto all = table.comparisons;
  ASSERT_EQ(all.size(), 3u);
  ReportOptions options{.sweep = "small", .program_version = ""};
  options.asked.baseline = {{"method", "reca"}};
  EXPECT_NE(
      compare_with_baseline(store, options, table).find("Against the baseline of the spec, method = reca"),
      std::string::npos);
  ASSERT_EQ(table.comparisons.size(), 2u);
  EXPECT_EQ(table.comparisons[0].a, "base");
  EXPECT_EQ(table.comparisons[0].b, "reca");
  const auto& before =
      *std::find_if(all.begin(), all.end(), [](const auto& c) { return c.a == "reca" && c.b == "base"; });
  EXPECT_EQ(table.comparisons[0].difference, -before.difference);
  EXPECT_EQ(table.comparisons[0].interval.low, -before.interval.high);
  EXPECT_EQ(table.comparisons[0].p, before.p);
  EXPECT_EQ(table.comparisons[0].corrected_p,
            holm_correction({table.comparisons[0].p, table.comparisons[1].p})[0]);
  options.asked.correct = false;
  compare_with_baseline(store, options, table);
  EXPECT_EQ(table.comparisons[0].corrected_p, before.p);

  options.asked.baseline = {{"method", "none"}};
  table.comparisons = all;
  EXPECT_NE(compare_with_baseline(store, options, table).find("No row has the baseline"), std::string::npos);
  EXPECT_EQ(table.comparisons.size(), 3u);
}

TEST(Report, NamesTheSweepsThatAreThere) {
  const TemporaryFolder folder;
  const Store store = open_small_database(folder);
  EXPECT_NE(error_of([&] {
              report_page(store, {.sweep = "other", .program_version = ""});
            }).find("there is no sweep 'other'; the database has: small"),
            std::string::npos);
  EXPECT_NE(error_of([&] { write_page("", folder / "none/report.html"); }).find("cannot be written"),
            std::string::npos);
}

TEST(Report, APictureOutsideOfTheFolderIsNotThere) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "inner");
  {
    Store store = Store::open(folder / "inner/results.sqlite");
    fill_small_database(store);
  }
  write_page("secret", folder / "00000_0.png");
  Store store = Store::open(folder / "inner/results.sqlite");
  query(store, "UPDATE judgement SET image_path = '../00000_0.png' WHERE image_index = 0");
  query(store, "UPDATE judgement SET image_path = '" + folder / "00000_0.png" + "' WHERE image_index = 1");
  const std::string page = report_page(store, {.sweep = "small", .program_version = ""});
  EXPECT_EQ(page.find("\"there\""), std::string::npos);
}

TEST(Report, APapersSweepIsSmallAndNeedsNothingElse) {
  const std::string page = read_from(big_report());
  std::printf("%.1f MB\n", static_cast<double>(page.size()) / 1e6);
  EXPECT_LE(page.size(), 25'000'000u);
  EXPECT_GT(count(page, "data:image/jpeg;base64,"), 4000u);
  // Namespaces of SVG are names in the script, not addresses that are asked for.
  for (const char* asks :
       {"src=\"http", "href=\"http", "url(http", "@import", "//cdn", "src=\"//", "href=\"//"})
    EXPECT_EQ(page.find(asks), std::string::npos) << asks;
  EXPECT_EQ(count(page, "http://"), count(page, "http://www.w3.org/2000/svg"));
  EXPECT_EQ(count(page, "https://"), 0u);
  // Nothing that a prompt, a label or an error says is markup.
  EXPECT_EQ(page.find("<img src=x"), std::string::npos);
  EXPECT_EQ(page.find("<b>text</b>"), std::string::npos);
  EXPECT_EQ(count(page, "<script>"), 2u);
  EXPECT_EQ(page.find("unsafe"), std::string::npos);
  const auto json = json_of(page);
  EXPECT_EQ(json.at("prompts-0").at("prompt")[1], kHostile);
  EXPECT_EQ(json.at("prompts-0").at("pictures"), "");
  EXPECT_EQ(json.size(), 1u + kBigRows * kBigSeeds);
}

TEST(Report, TheBudgetHolds) {
  const Store store = Store::open_read_only(big_sweep() / "results.sqlite");
  ReportOptions options{.sweep = "big", .program_version = ""};
  const std::string section = prompts_section(store, options, {}, 5'000'000);
  EXPECT_LE(section.size(), 5'010'000u);  // what stands around the data is a few lines
  EXPECT_NE(section.find("\"more\""), std::string::npos);
  options.thumbnail_bytes = 0;
  EXPECT_EQ(count(prompts_section(store, options, {}, 24'000'000), "data:image/jpeg"), 0u);
}

}  // namespace
}  // namespace umm::results
