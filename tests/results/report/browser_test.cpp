// The report in a real browser, at the width of a telephone and of a desk. UMM_SCREENSHOTS=<folder> keeps the
// pictures.
#include <gtest/gtest.h>

#include <cstdlib>

#include "results/report/report.h"
#include "tests/results/report/big_sweep.h"
#include "tests/results/report/browser.h"
#include "tests/results/small_database.h"

namespace umm::results {
namespace {

namespace fs = std::filesystem;

class InBrowser : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!Browser::installed()) GTEST_SKIP() << "no chromium is installed; the Debian package is called so";
    const char* kept = std::getenv("UMM_SCREENSHOTS");
    if (kept != nullptr) fs::create_directories(kept);
    pictures_ = kept != nullptr ? fs::path(kept) : folder_.path();
  }

  std::string page_of(const fs::path& folder, const std::string& sweep) {
    const Store store = Store::open_read_only(folder / "results.sqlite");
    write_page(report_page(store, {.sweep = sweep, .program_version = "0.1.0", .page_folder = folder}),
               folder / "report.html");
    return "file://" + (folder / "report.html").string();
  }

  static void expect_no_problem(Browser& browser) {
    for (const std::string& problem : browser.take_problems()) ADD_FAILURE() << problem.substr(0, 2000);
  }

  TemporaryFolder folder_;
  fs::path pictures_;
};

// Everything that is wider than the window sits in a box that scrolls by itself.
constexpr const char* kWidest = "document.documentElement.scrollWidth - innerWidth";

TEST_F(InBrowser, APapersSweepOpensEverywhere) {
  const std::string address = "file://" + big_report().string();
  for (const int width : {1600, 400}) {
    for (const bool dark : {false, true}) {
      Browser browser(folder_.path() / ("profile" + std::to_string(width) + (dark ? "d" : "l")));
      const std::string name = std::to_string(width) + (dark ? "-dark" : "-light");
      browser.emulate(width, 1000, dark);
      browser.open(address);
      const double milliseconds =
          browser.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd").get<double>();
      std::printf("%s: loaded in %.0f ms\n", name.c_str(), milliseconds);
      EXPECT_LE(browser.evaluate(kWidest).get<int>(), 0) << name;
      EXPECT_EQ(browser.evaluate("document.title"), "big");
      EXPECT_EQ(browser.evaluate("document.querySelectorAll('.prompt').length > 0"), true);
      browser.screenshot(pictures_ / (name + "-top.png"), false);
      for (const char* section : {"scores", "training", "failures", "costs", "provenance"}) {
        browser.evaluate(std::string("document.getElementById('") + section + "').scrollIntoView()");
        browser.screenshot(pictures_ / (name + "-" + section + ".png"), false);
      }
      browser.evaluate("document.querySelector('figure.pareto').scrollIntoView()");
      browser.screenshot(pictures_ / (name + "-pareto.png"), false);
      browser.evaluate("document.querySelectorAll('.prompt')[1].open = true");
      browser.evaluate("new Promise(done => setTimeout(done, 300))");
      browser.evaluate("document.getElementById('prompts').scrollIntoView()");
      EXPECT_GT(browser.evaluate("document.querySelectorAll('.prompt .shot rect').length").get<int>(), 0);
      EXPECT_LE(browser.evaluate(kWidest).get<int>(), 0) << name;
      browser.screenshot(pictures_ / (name + "-prompts.png"), false);
      expect_no_problem(browser);
    }
  }
}

TEST_F(InBrowser, ItIsUsedByKeyboardAndFilters) {
  Browser browser(folder_.path() / "profile");
  browser.emulate(1600, 1000, false);
  browser.open("file://" + big_report().string());
  // Sorting by a header.
  browser.evaluate("document.querySelector('table.scores th[data-sort]:nth-child(2) button').click()");
  EXPECT_EQ(
      browser.evaluate("document.querySelector('table.scores th[aria-sort]').getAttribute('aria-sort')"),
      "descending");
  EXPECT_EQ(browser.evaluate(
                "(() => { const v = [...document.querySelectorAll('table.scores tbody td:nth-child(2)')]"
                ".map(c => +c.dataset.v); return v.every((x, i) => i === 0 || v[i - 1] >= x); })()"),
            true);
  // Choosing curves.
  browser.evaluate("document.querySelector('#curve-rows input').click()");
  EXPECT_EQ(browser.evaluate("document.querySelectorAll('.curves path[hidden]').length > 0"), true);
  // Searching, by tag and word.
  const std::string set =
      "const f = document.querySelector('.controls'); const put = (n, v) => { f[n].value = v; "
      "f.dispatchEvent(new Event('input')); }; ";
  EXPECT_EQ(browser.evaluate("(() => {" + set +
                             "put('text', 'onerror script'); "
                             "return document.querySelectorAll('.prompt').length; })()"),
            1);
  EXPECT_EQ(browser.evaluate("document.querySelector('.said').textContent"), kHostile);
  EXPECT_EQ(browser.evaluate("(() => {" + set +
                             "put('text', ''); put('order', 'gain'); "
                             "return document.querySelectorAll('.pair:not([hidden])').length; })()"),
            2);
  // All 553 are reached by scrolling.
  browser.evaluate(
      "(async () => { for (let i = 0; i < 40; ++i) { scrollTo(0, document.body.scrollHeight); "
      "document.querySelector('.list').lastElementChild.scrollIntoView(); "
      "await new Promise(done => setTimeout(done, 50)); } })()");
  EXPECT_EQ(browser.evaluate("document.querySelectorAll('.prompt').length"), kBigPrompts);
  // A picture is enlarged and closed again.
  browser.evaluate("document.querySelector('.prompt').open = true");
  browser.evaluate("new Promise(done => setTimeout(done, 300))");
  browser.evaluate("document.querySelector('button.frame').click()");
  EXPECT_EQ(browser.evaluate("new Promise(done => setTimeout(() => done(document.querySelector('dialog img')"
                             ".naturalWidth), 500))"),
            256);
  browser.evaluate("document.querySelector('dialog .close').click()");
  EXPECT_EQ(browser.evaluate("document.title"), "big");
  expect_no_problem(browser);
}

TEST_F(InBrowser, WithoutScriptsTablesAndChartsAreThere) {
  Store store = open_small_database(folder_);
  Browser browser(folder_.path() / "profile");
  browser.emulate(1600, 1000, false);
  browser.disable_scripts();
  browser.open(page_of(folder_.path(), "small"));
  browser.screenshot(pictures_ / "no-script.png", true);
  EXPECT_EQ(browser.evaluate("document.querySelectorAll('table.scores tbody tr').length"), 3);
  EXPECT_GT(browser.evaluate("document.querySelectorAll('.curves path.run').length").get<int>(), 0);
  EXPECT_EQ(browser.evaluate("getComputedStyle(document.querySelector('.controls')).display"), "none");
  expect_no_problem(browser);
}

}  // namespace
}  // namespace umm::results
