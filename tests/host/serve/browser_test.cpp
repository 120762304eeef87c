// The page of a server in a real browser, while results come in.
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/host/serve/served.h"
#include "tests/results/report/browser.h"

namespace umm {
namespace {

using results::Browser;

TEST_F(Served, ThePageFollowsAndKeepsItsPlace) {
  if (!Browser::installed()) GTEST_SKIP() << "no chromium is installed; the Debian package is called so";
  start();
  Browser browser(folder_.path() / "profile");
  browser.emulate(1200, 700, false);
  browser.open("http://127.0.0.1:" + std::to_string(port()) + "/");
  browser.evaluate("new Promise(done => setTimeout(done, 500))");
  EXPECT_EQ(browser.evaluate("document.querySelectorAll('.live tbody tr').length"), 5);
  browser.evaluate(
      "document.querySelector('.controls').text.value = 'counting'; "
      "document.querySelector('.controls').dispatchEvent(new Event('input'));"
      "document.querySelectorAll('.prompt')[1].open = true;"
      "document.querySelector('#provenance details').open = true;"
      "document.querySelector('.list').scrollIntoView()");
  const std::string place = "Math.round(document.querySelector('.list').getBoundingClientRect().top)";
  EXPECT_GT(browser.evaluate("scrollY").get<double>(), 500);
  const int before = browser.evaluate(place).get<int>();
  {
    results::Store store = results::Store::open(results::database_file(output_).string());
    store.fail_run(results::small_run("sft", 1).identity, "the disk is full");
  }
  bool followed = false;
  for (int i = 0; i < 100 && !followed; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    try {
      followed = browser
                     .evaluate(
                         "document.readyState === 'complete' && "
                         "document.body.textContent.includes('the disk is full')")
                     .get<bool>();
    } catch (const std::runtime_error&) {
      // It was just being loaded.
    }
  }
  ASSERT_TRUE(followed);
  browser.evaluate("new Promise(done => setTimeout(done, 500))");
  EXPECT_NEAR(browser.evaluate(place).get<int>(), before, 2);
  EXPECT_EQ(browser.evaluate("document.querySelector('.controls').text.value"), "counting");
  EXPECT_EQ(browser.evaluate("document.querySelectorAll('.prompt').length"), 4);
  EXPECT_EQ(browser.evaluate("document.querySelectorAll('.prompt')[1].open"), true);
  EXPECT_EQ(browser.evaluate("document.querySelector('#provenance details').open"), true);
  if (const char* kept = std::getenv("UMM_SCREENSHOTS")) {
    browser.evaluate("scrollTo(0, 0)");
    browser.screenshot(std::filesystem::path(kept) / "live.png", false);
  }
  for (const std::string& problem : browser.take_problems()) ADD_FAILURE() << problem.substr(0, 2000);
}

}  // namespace
}  // namespace umm
