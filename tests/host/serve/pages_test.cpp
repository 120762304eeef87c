// When a server makes a page again, and what it shows meanwhile.
#include "serve/pages.h"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "launch/attempt.h"
#include "tests/host/serve/served.h"
#include "tests/results/small_output.h"

namespace umm {
namespace {

using std::chrono::milliseconds;

class PagesTest : public Served {
 protected:
  static bool comes_true(const std::function<bool()>& condition) {
    for (int i = 0; i < 200; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(milliseconds(25));
    }
    return condition();
  }

  // The server may be taking in just now, and only one may write.
  void change(const std::string& sql) const {
    EXPECT_TRUE(comes_true([&] {
      return results::error_of([&] {
               const auto store = results::Store::open(results::database_file(output_).string());
               results::query(store, sql);
             })
          .empty();
    })) << sql;
  }

  std::string answer(const std::string& sql) const {
    return results::query(results::Store::open_read_only(results::database_file(output_).string()), sql);
  }

  std::string version() const {
    return nlohmann::json::parse(*pages_->status("small")).at("version").get<std::string>();
  }

  bool shows(const std::string& sweep, const std::string& text) const {
    return pages_->page(sweep).value_or("").find(text) != std::string::npos;
  }

  results::OutputFolder folder() const { return results::OutputFolder(output_); }
};

TEST_F(PagesTest, APageThatCouldNotBeMadeSaysWhyAndIsTriedAgain) {
  folder().put_sweep(results::small_sweep({{"base", 0}}, "other"));
  const auto ask = [&](const std::string& item, const std::string& instead_of) {
    change("UPDATE evaluation_prompt SET prompt_id = (SELECT id FROM prompt WHERE item_id = '" + item +
           "') WHERE evaluation_id = (SELECT max(id) FROM evaluation) AND prompt_id = (SELECT id FROM prompt "
           "WHERE item_id = '" +
           instead_of + "')");
  };
  change(
      "INSERT INTO prompt (item_id, tag, prompt, metadata) SELECT '<b>', tag, prompt, metadata "
      "FROM prompt WHERE item_id = '00000'");
  ask("<b>", "00000");
  start();
  EXPECT_TRUE(comes_true([&] { return shows("other", "data-status="); })) << "for want of another page";
  EXPECT_TRUE(comes_true([&] { return shows("small", "has item &#39;&lt;b&gt;&#39;"); }));
  EXPECT_FALSE(shows("small", "<b>'"));
  ask("00000", "<b>");
  EXPECT_TRUE(comes_true([&] { return shows("small", "data-status="); }));
}

TEST_F(PagesTest, TheDeathOfAProcessIsTakenIn) {
  const auto stage = results::small_stages("sft", 1).front();
  auto attempt = begin_attempt(results::run_folder(output_, results::small_run("sft", 1).identity));
  ASSERT_TRUE(attempt && attempt->number == 1);
  folder().put_journal("sft", 1, 1,
                       results::JournalText()
                           .add(results::small_attempt("sft", 1, 1))
                           .add(results::StageBegin{stage.identity, "cpu: test", 0})
                           .text());
  start();
  const auto status_is = [&](const std::string& status) {
    return comes_true([&] { return answer("SELECT status FROM attempt WHERE number = 1") == status; });
  };
  ASSERT_TRUE(status_is("running"));
  attempt.reset();
  EXPECT_TRUE(status_is("interrupted"));
  EXPECT_TRUE(comes_true([&] { return shows("small", "the process was killed"); }));
  folder().put_exit("sft", 1, 1, "signal 9, <out of memory>\n");
  EXPECT_TRUE(comes_true([&] { return shows("small", "signal 9, &lt;out of memory&gt;"); }));
}

TEST_F(PagesTest, WhatCouldNotBeTakenInIsTakenInLater) {
  start();
  {
    std::optional<results::Store> writer;
    ASSERT_TRUE(comes_true([&] {
      return results::error_of(
                 [&] { writer.emplace(results::Store::open(results::database_file(output_).string())); })
          .empty();
    }));
    folder().put_journal("sft", 1, 1, results::JournalText().add(results::small_attempt("sft", 1, 1)).text());
    std::this_thread::sleep_for(milliseconds(300));
  }
  EXPECT_TRUE(comes_true([&] { return answer("SELECT count(*) FROM journal") == "1"; }));
}

TEST_F(PagesTest, ADatabaseThatIsDeletedIsMadeAgain) {
  start();
  std::filesystem::remove(results::database_file(output_));
  EXPECT_TRUE(comes_true([&] { return std::filesystem::exists(results::database_file(output_)); }));
}

TEST_F(PagesTest, ASweepThatCannotBeReadKeepsNoOtherFromBeingShown) {
  results::write_file(output_ / "sweeps/bad.json", "{");
  start();
  EXPECT_TRUE(shows("small", "data-status="));
  EXPECT_NE(pages_->index().find("data-status="), std::string::npos);
}

TEST_F(PagesTest, WhatCannotBeReadIsSaidOnce) {
  ::testing::internal::CaptureStderr();
  auto damaged = results::JournalText().add(results::small_attempt("sft", 1, 1));
  damaged.add_line("progress", "{}");
  std::string text = damaged.text();
  text[text.size() - 3] = '#';
  folder().put_journal("sft", 1, 1, text + damaged.text());
  start();
  EXPECT_TRUE(comes_true([&] { return answer("SELECT count(*) FROM journal") == "1"; }));
  for (const std::string words : {"first words", "second words"}) {
    auto sweep = results::small_sweep({{"base", 0}, {"sft", 1}});
    sweep.sweep.description = words;
    folder().put_sweep(sweep);
    EXPECT_TRUE(comes_true([&] { return shows("small", words); })) << words;
  }
  server_.reset();
  pages_.reset();
  const std::string said = ::testing::internal::GetCapturedStderr();
  const size_t first = said.find("damaged at byte");
  EXPECT_NE(first, std::string::npos) << said;
  EXPECT_EQ(said.find("damaged at byte", first + 1), std::string::npos) << said;
}

TEST_F(PagesTest, WhateverAPageShowsMakesItAgain) {
  start();
  for (const char* sql :
       {"INSERT INTO journal SELECT id, 9, 0, 0, 1, 'damaged at byte 1', 'node', NULL FROM run LIMIT 1",
        "UPDATE journal SET outcome = 'stopped'",
        "UPDATE journal SET outcome = 'complete'",
        "INSERT INTO found_evaluation SELECT id, 'ffff', '' FROM run WHERE id NOT IN (SELECT run_id FROM "
        "journal) LIMIT 1",
        "UPDATE run_evaluation SET name = 'geneval_ema'",
        "INSERT INTO cost (evaluation_id, phase, device_seconds, device_name, num_devices, peak_host_bytes, "
        "peak_device_bytes, images) SELECT id, 'score', 60, 'cpu', 1, 1, 0, 24 FROM evaluation LIMIT 1",
        "INSERT INTO attempt (stage_id, status, host) SELECT stage_id, 'running', 'node' FROM run_stage "
        "LIMIT 1",
        "INSERT INTO curve SELECT id, 'loss', 1, 2.5 FROM attempt WHERE status = 'running'",
        "INSERT INTO submission SELECT id, 'node', '[]', '0.1.0', '2.11.0', '[]', 'abc', 0, '' FROM sweep",
        "UPDATE submission SET git_commit = 'abd', git_diff = '+a'",
        "UPDATE submission SET git_diff = '+b'",
        "INSERT INTO run_plugin SELECT sweep_id, run_id, 'method', 'reca', '3', 'ffff' FROM sweep_run",
        "UPDATE sweep SET spec_text = replace(spec_text, 'small', 'large')",
        "UPDATE sweep_run SET reference = 1 - reference",
        "UPDATE attempt SET error = replace(error, 'finite', 'normal')",
        "UPDATE evaluation SET created_utc = '2025-01-01T00:00:00Z'",
        "UPDATE run SET program_version = 'x'",
        "UPDATE run_plugin SET content_hash = 'eeee'",
        "INSERT INTO run_input SELECT sweep_id, run_id, 'weights', 'ffff' FROM sweep_run",
        "UPDATE run_input SET content_hash = 'eeee'"}) {
    const std::string before = version();
    change(sql);
    ASSERT_TRUE(comes_true([&] { return version() != before; })) << sql;
  }
}

TEST_F(PagesTest, TheListIsOfNow) {
  put_sweep("other");
  start();
  ASSERT_TRUE(comes_true([&] { return pages_->sweeps().size() == 2; }));
  EXPECT_NE(pages_->index().find("0 of 5 runs complete, 5 queued"), std::string::npos) << pages_->index();
  std::this_thread::sleep_for(milliseconds(500));
  // Nothing that a report shows.
  folder().put_journal("sft", 1, 1, results::JournalText().add(results::small_attempt("sft", 1, 1)).text());
  EXPECT_TRUE(
      comes_true([&] { return pages_->index().find("1 interrupted, 4 queued") != std::string::npos; }));
}

}  // namespace
}  // namespace umm
