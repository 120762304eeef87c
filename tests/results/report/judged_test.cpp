// What a judge said, evaluations that lack scores, and evaluations that lack prompts.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "results/evaluated_rows.h"
#include "results/report/evidence_columns.h"
#include "results/report/prompts.h"
#include "results/report/replies.h"
#include "results/report/report.h"
#include "results/table.h"
#include "tests/results/report/big_sweep.h"
#include "tests/results/report/browser.h"
#include "tests/results/report/page_json.h"
#include "tests/results/small_database.h"

namespace umm::results {
namespace {

using Json = nlohmann::json;

Json reply(const std::string& text, const std::string& status, int64_t attempt) {
  return {{"text", text},    {"status", status},        {"attempt", attempt},
          {"model", "m<1>"}, {"date", "2026-01-31"},    {"finish_reason", "stop"},
          {"tokens_in", 7},  {"request_hash", "ab12cd"}};
}

std::vector<ItemRow> three_items() {
  return {{"00000", "style", "make it <b>blue</b>", "{}"},
          {"00001", "style", "add a hat", "{}"},
          {"00002", "motion", "wave", "{}"}};
}

EvidenceRow judged(const std::string& item, const Json& evidence, double score, const std::string& status) {
  const bool scored = status == "scored";
  return {item,
          0,
          "images/" + item + ".png",
          identity_of(item),
          evidence.dump(),
          scored ? score : 0,
          scored ? "" : "the judge refused",
          status};
}

void put(Store& store, const std::string& label, const std::vector<ItemRow>& items,
         const std::vector<EvidenceRow>& evidence) {
  RunRow run = small_run(label, 0);
  run.sweep = "judged";
  store.put_run(run, {});
  double sum = 0;
  int64_t without = 0;
  for (const EvidenceRow& row : evidence) {
    sum += row.score;
    without += row.status == "scored" ? 0 : 1;
  }
  const auto all = static_cast<int64_t>(evidence.size());
  std::vector<ScoreRow> scores;
  if (without < all) scores = {{"overall", sum / static_cast<double>(all - without), all, without}};
  EvaluationRow evaluation = small_evaluation(label);
  evaluation.benchmark = "imgedit";
  store.put_evaluation(run.identity, evaluation, items, evidence, scores, {});
}

std::vector<EvidenceRow> whole_evidence() {
  const Json again = {{"single", {reply("so so", "answered", 0), reply("Score: 1", "answered", 1)}}};
  const Json two_roles = {{"SC", {reply("[4, 3]", "answered", 0)}}, {"PQ", {reply("[9]", "answered", 0)}}};
  return {judged("00000", {{"single", {reply(kHostile, "answered", 0)}}}, 3.67, "scored"),
          judged("00001", again, 1, "scored"), judged("00002", two_roles, 5, "scored")};
}

std::vector<EvidenceRow> partial_evidence() {
  Json failed = reply("", "failed", 0);
  failed["error"] = "HTTP 500 from the server";
  failed["http_status"] = 500;
  std::vector<EvidenceRow> evidence{
      judged("00000", {{"single", {reply("I cannot", "refused", 0)}}}, 0, "refused"),
      judged("00001", {{"single", {failed}}}, 0, "failed"),
      judged("00002", {{"single", {reply("Score: 4", "answered", 0)}}}, 4, "scored")};
  evidence[0].image_index = 2;  // those before it are missing
  return evidence;
}

Store judged_store(const TemporaryFolder& folder) {
  Store store = Store::open(folder / "results.sqlite");
  store.put_sweep({"judged", "", "judged.toml", ""});
  return store;
}

std::string page_of(const Store& store) {
  return report_page(store, {.sweep = "judged", .program_version = ""});
}

TEST(Replies, OfAJudgeAnswersAndWhateverElse) {
  ReplyLists lists;
  const Json evidence = {{"PQ", {reply("b", "answered", 0)}}, {"SC", {reply("a", "refused", 1)}}};
  const auto replies = replies_in(evidence, evidence.dump(), lists);
  ASSERT_EQ(replies.size(), 2u);
  const Json json = lists.json(4000);
  EXPECT_EQ(json["texts"], (Json{"b", "a"}));
  EXPECT_EQ(json["heads"][1], (Json{{"role", "SC"},
                                    {"status", "refused"},
                                    {"attempt", 1},
                                    {"model", "m<1>"},
                                    {"date", "2026-01-31"},
                                    {"finish", "stop"}}));
  // The same again takes no place.
  EXPECT_EQ(replies_in(evidence, evidence.dump(), lists)[1].text, replies[1].text);
  EXPECT_EQ(lists.json(4000), json);

  const Json answers = {
      {"answers", {{{"question", 1}, {"answer", "yes"}}, {{"question", 2}, {"answer", "No"}}}}};
  const auto answered = replies_in(answers, answers.dump(), lists);
  ASSERT_EQ(answered.size(), 1u);
  EXPECT_EQ(lists.json(4000)["texts"][answered[0].text], "1: yes, 2: No");
  EXPECT_EQ(replies_in({}, "{}", lists).size(), 0u);
  for (const char* other : {R"({"single":[{"text":1,"status":"answered"}]})", R"({"single":[7]})", "[1, 2]",
                            R"({"answers":7})", "no JSON"}) {
    const auto raw = replies_in(Json::parse(other, nullptr, false), other, lists);
    ASSERT_EQ(raw.size(), 1u) << other;
    EXPECT_EQ(lists.json(4000)["texts"][raw[0].text], other);
    EXPECT_EQ(lists.json(4000)["heads"][raw[0].head], Json::object());
  }
}

TEST(Replies, LongOnesAreCutBetweenCharacters) {
  EXPECT_EQ(cut_text("abc", 3), "abc");
  EXPECT_EQ(cut_text("abcd", 3), "abc\xE2\x80\xA6");
  EXPECT_EQ(cut_text("ab\xC3\xA9", 3), "ab\xE2\x80\xA6");
}

TEST(Judged, RepliesStandBesideThePicture) {
  const TemporaryFolder folder;
  Store store = judged_store(folder);
  put(store, "base", three_items(), whole_evidence());
  const std::string page = page_of(store);
  const auto json = json_of(page);
  const Json& columns = json.at("evidence-0-0-0");
  EXPECT_EQ(columns.at("score"), (Json{3.67, 1, 5}));
  EXPECT_EQ(columns.at("said"), (Json{1, 2, 2}));
  EXPECT_FALSE(columns.contains("status"));
  EXPECT_FALSE(columns.contains("number"));
  EXPECT_EQ(json.at("prompts-0").at("marks"), false);
  EXPECT_EQ(json.at("replies-0").at("texts")[0], kHostile);
  EXPECT_EQ(page.find("<img src=x"), std::string::npos);
  EXPECT_EQ(page.find("ab12cd"), std::string::npos);  // nobody reads hashes of requests here
}

TEST(Judged, APartialEvaluationIsListedAndLookedAt) {
  const TemporaryFolder folder;
  Store store = judged_store(folder);
  put(store, "theirs", three_items(), partial_evidence());
  for (const bool beside_a_whole_one : {false, true}) {
    if (beside_a_whole_one) put(store, "base", three_items(), whole_evidence());
    const std::string page = page_of(store);
    EXPECT_EQ(page.find("Nothing was evaluated yet"), std::string::npos);
    EXPECT_NE(page.find("theirs, seed 0: imgedit is partial, 2 of 3 pictures have no score"),
              std::string::npos);
    EXPECT_NE(page.find("<dt>partial evaluations</dt>"), std::string::npos);
    EXPECT_EQ(page.find("<th scope=\"row\">theirs</th><td class=\"n\" data-v=\"4\""), std::string::npos);
    const auto json = json_of(page);
    const Json& row = json.at("prompts-0").at("rows")[0];
    EXPECT_EQ(row.at("label"), "theirs (partial)");
    EXPECT_EQ(row.at("means"), (Json{nullptr, nullptr, 4000}));
    const Json& columns = json.at("evidence-0-0-0");
    EXPECT_EQ(columns.at("score"), (Json{nullptr, nullptr, 4}));
    EXPECT_EQ(columns.at("status"), (Json{{"0", "refused"}, {"1", "failed"}}));
    EXPECT_EQ(columns.at("number"), (Json{2, 0, 0}));
    EXPECT_EQ(json.at("prompts-0").at("rows").size(), beside_a_whole_one ? 2u : 1u);
  }
}

// Where no picture has a score there is no aggregate that could say how many are missing.
TEST(Judged, NoScoreAtAllIsPartialToo) {
  const TemporaryFolder folder;
  Store store = judged_store(folder);
  auto evidence = partial_evidence();
  evidence.pop_back();
  put(store, "theirs", {three_items()[0], three_items()[1]}, evidence);
  EXPECT_EQ(partial_evaluations(store, "judged"),
            (std::vector<std::string>{"theirs, seed 0: imgedit is partial, 2 of 2 pictures have no score"}));
  EXPECT_TRUE(build_tables(store, "judged").empty());
  EXPECT_EQ(json_of(page_of(store)).at("evidence-0-0-0").at("score"), "--");
}

TEST(Judged, AModelWithFewerPromptsTakesNoPageAway) {
  const TemporaryFolder folder;
  Store store = judged_store(folder);
  auto fewer = whole_evidence();
  fewer.pop_back();
  put(store, "fewer", {three_items()[0], three_items()[1]}, fewer);
  put(store, "base", three_items(), whole_evidence());
  const std::string page = page_of(store);
  EXPECT_NE(page.find("No table of imgedit: evaluation "), std::string::npos);
  const auto json = json_of(page);
  EXPECT_EQ(json.at("prompts-0").at("id"), (Json{"00000", "00001", "00002"}));
  EXPECT_EQ(json.at("prompts-0").at("rows")[0].at("means"), (Json{3670, 1000, nullptr}));
}

// Of a prompt some pictures may be missing: the others keep their numbers, and so their files.
TEST(Judged, APictureIsFoundByItsNumber) {
  const TemporaryFolder folder;
  std::vector<EvidenceRow> evidence;
  for (const int64_t number : {1, 3}) {
    evidence.push_back(judged("00000", {}, 1, "scored"));
    evidence.back().image_index = number;
    evidence.back().image_path = fmt::format("images/00000/samples/{:05}.png", number);
    write_file(folder / evidence.back().image_path, "a picture");
  }
  TextList reasons, labels;
  ReplyLists replies;
  EvidenceColumns columns({three_items()[0]}, evidence, reasons, labels, replies);
  columns.find_pictures(folder.path());
  EXPECT_EQ(columns.picture(0, 0), -1);
  EXPECT_EQ(columns.picture(0, 1), 0);
  EXPECT_EQ(columns.picture(0, 3), 1);
  EXPECT_EQ(columns.end_of_numbers(), 4);
  EXPECT_EQ(columns.json(8).at("number"), (Json{1, 3}));
  EXPECT_EQ(columns.json(8).at("path"), (Json{"images/", "/samples/", 5, ".png"}));
}

TEST(Judged, RepliesKeepToTheBudget) {
  const TemporaryFolder folder;
  Store store = judged_store(folder);
  std::vector<ItemRow> items;
  std::vector<EvidenceRow> evidence;
  for (int i = 0; i < 2000; ++i) {
    items.push_back({fmt::format("{:05}", i), "style", "p", "{}"});
    const std::string text = fmt::format("{} {}", i, std::string(700, 'x'));
    evidence.push_back(judged(items.back().item_id, {{"single", {reply(text, "answered", 0)}}}, 2, "scored"));
  }
  put(store, "base", items, evidence);
  const ReportOptions options{.sweep = "judged", .program_version = ""};
  EXPECT_GT(prompts_section(store, options, {}, 24'000'000).size(), 1'400'000u);
  const std::string section = prompts_section(store, options, {}, 1'000'000);
  EXPECT_LE(section.size(), 1'010'000u);
  EXPECT_NE(section.find("xxx\xE2\x80\xA6"), std::string::npos);
}

TEST(Judged, InABrowser) {
  if (!Browser::installed()) GTEST_SKIP() << "no chromium is installed; the Debian package is called so";
  const TemporaryFolder folder;
  {
    Store store = judged_store(folder);
    put(store, "base", three_items(), whole_evidence());
    put(store, "theirs", three_items(), partial_evidence());
    write_page(page_of(store), folder / "report.html");
  }
  for (const auto& [width, dark] : {std::pair(1600, true), std::pair(400, false)}) {
    Browser browser(folder / ("profile" + std::to_string(width)));
    browser.emulate(width, 1000, dark);
    browser.open("file://" + folder / "report.html");
    browser.evaluate("document.querySelectorAll('.prompt').forEach(one => { one.open = true; })");
    browser.evaluate("new Promise(done => setTimeout(done, 300))");
    const auto texts = [&](const std::string& selector) {
      return browser.evaluate("[...document.querySelectorAll('" + selector + "')].map(one => one.innerText)");
    };
    EXPECT_EQ(texts(".reply blockquote"), (Json{kHostile, "I cannot", "so so", "Score: 1",
                                                "HTTP 500 from the server", "[9]", "[4, 3]", "Score: 4"}));
    EXPECT_EQ(texts(".shot figcaption > span"),
              (Json{"3.67", "no score: refused", "1", "no score: failed", "5", "4"}));
    EXPECT_NE(texts(".shot figcaption")[1].get<std::string>().find("seed 0, #3"), std::string::npos);
    const Json heads = texts(".reply .seen");
    const auto says = [&](const std::string& head) {
      return std::find(heads.begin(), heads.end(), head) != heads.end();
    };
    for (const char* head : {"single \u00b7 answered \u00b7 stop \u00b7 m<1> \u00b7 2026-01-31", "gave 3.67",
                             "single \u00b7 refused \u00b7 stop \u00b7 m<1> \u00b7 2026-01-31",
                             "single \u00b7 answered \u00b7 no score in it \u00b7 stop \u00b7 try 1 \u00b7 "
                             "m<1> \u00b7 2026-01-31",
                             "single \u00b7 answered \u00b7 stop \u00b7 try 2 \u00b7 m<1> \u00b7 2026-01-31",
                             "single \u00b7 failed \u00b7 stop \u00b7 HTTP 500 \u00b7 m<1> \u00b7 2026-01-31",
                             "gave 5, with the others"})
      EXPECT_TRUE(says(head)) << head << "\n" << heads.dump(1);
    EXPECT_EQ(browser.evaluate("document.querySelectorAll('.shot .right, .prompts img[src=x]').length"), 0);
    EXPECT_LE(browser.evaluate("document.documentElement.scrollWidth - innerWidth").get<int>(), 0);
    const char* kept = std::getenv("UMM_SCREENSHOTS");
    if (kept != nullptr)
      browser.screenshot(std::filesystem::path(kept) / ("judged-" + std::to_string(width) + ".png"), true);
    for (const std::string& problem : browser.take_problems()) ADD_FAILURE() << problem;
  }
}

}  // namespace
}  // namespace umm::results
