#include "results/store.h"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <cmath>

#include "results/run_folder.h"
#include "tests/results/small_database.h"

namespace umm::results {
namespace {

using testing::HasSubstr;

// Every row of every table, as text.
std::string dump(const Store& store) {
  std::string all;
  for (const char* table : {"sweep", "run", "sweep_run", "stage", "run_stage", "attempt", "curve", "cost",
                            "evaluation", "run_evaluation", "item", "evidence", "score"}) {
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(store.handle(), (std::string("SELECT * FROM ") + table).c_str(), -1, &statement,
                       nullptr);
    while (sqlite3_step(statement) == SQLITE_ROW) {
      all += table;
      for (int column = 0; column < sqlite3_column_count(statement); ++column) {
        const unsigned char* text = sqlite3_column_text(statement, column);
        all += std::string("|") + (text == nullptr ? "NULL" : reinterpret_cast<const char*>(text));
      }
      all += "\n";
    }
    sqlite3_finalize(statement);
  }
  return all;
}

TEST(Store, keeps_what_was_put_after_reopening) {
  TemporaryFolder folder;
  {
    Store store = Store::open(folder / "results.sqlite");
    fill_small_database(store);
  }
  Store store = Store::open_read_only(folder / "results.sqlite");
  EXPECT_EQ(store.evaluations().size(), 5u);
  EvaluationRow expected = small_evaluation("reca1"), found = store.evaluations().back();
  EXPECT_EQ(found.identity, expected.identity);
  EXPECT_EQ(found.protocol_text, expected.protocol_text);
  EXPECT_EQ(found.sampling_text, expected.sampling_text);
  EXPECT_EQ(found.checkpoint_path, expected.checkpoint_path);
  EXPECT_EQ(found.checkpoint_hash, expected.checkpoint_hash);

  std::vector<ItemRow> items = store.items(expected.identity);
  ASSERT_EQ(items.size(), 12u);
  EXPECT_EQ(items[4].tag, "counting");
  EXPECT_EQ(items[4].prompt, small_items()[4].prompt);
  EXPECT_EQ(items[4].metadata, small_items()[4].metadata);

  std::vector<EvidenceRow> evidence = store.evidence(expected.identity);
  std::vector<EvidenceRow> stored = small_evidence({8, 8, 7});
  ASSERT_EQ(evidence.size(), stored.size());
  for (size_t i = 0; i < stored.size(); ++i) {
    EXPECT_EQ(evidence[i].item_id, stored[i].item_id);
    EXPECT_EQ(evidence[i].image_index, stored[i].image_index);
    EXPECT_EQ(evidence[i].image_path, stored[i].image_path);
    EXPECT_EQ(evidence[i].image_sha256, stored[i].image_sha256);
    EXPECT_EQ(evidence[i].evidence_json, stored[i].evidence_json);
    EXPECT_EQ(evidence[i].score, stored[i].score);
    EXPECT_EQ(evidence[i].reason, stored[i].reason);
  }
  EXPECT_EQ(store.scores(expected.identity), small_scores({8, 8, 7}));
  EXPECT_EQ(query(store, "SELECT json_extract(axes, '$.method') FROM runs WHERE label = 'reca'"), "reca");
}

TEST(Store, putting_everything_again_changes_nothing) {
  TemporaryFolder folder;
  Store store = Store::open(folder / "results.sqlite");
  fill_small_database(store);
  std::string before = dump(store);
  fill_small_database(store);
  EXPECT_EQ(dump(store), before);
}

TEST(Store, a_new_start_of_a_sweep_forgets_runs_that_left_it) {
  TemporaryFolder folder;
  Store store = open_small_database(folder);
  store.put_sweep({"small", "changed", "small.toml", "name = \"small\"  # changed"});
  store.put_run(small_run("sft", 1), small_stages("sft", 1));
  EXPECT_EQ(query(store, "SELECT group_concat(label || seed) FROM runs WHERE sweep = 'small'"), "sft1");
  EXPECT_EQ(query(store, "SELECT count(*) FROM runs"), "5");
  EXPECT_EQ(query(store, "SELECT description FROM sweep"), "changed");
}

TEST(Store, one_run_may_belong_to_two_sweeps) {
  TemporaryFolder folder;
  Store store = open_small_database(folder);
  store.put_sweep({"other", "", "other.toml", ""});
  RunRow run = small_run("sft", 0);
  run.sweep = "other";
  run.label = "supervised";
  store.put_run(run, small_stages("sft", 0));
  EXPECT_EQ(query(store, "SELECT group_concat(sweep || ':' || label) FROM runs WHERE run_identity = '" +
                             run.identity + "'"),
            "small:sft,other:supervised");
}

TEST(Store, same_run_with_other_stages_is_refused) {
  TemporaryFolder folder;
  Store store = open_small_database(folder);
  EXPECT_THAT(error_of([&] { store.put_run(small_run("reca", 0), small_stages("sft", 0)); }),
              HasSubstr("stored with other stages"));
}

TEST(Store, failed_run_is_recorded_until_it_did_not_fail_after_all) {
  TemporaryFolder folder;
  Store store = open_small_database(folder);
  store.fail_run(small_run("sft", 0).identity, "out of memory");
  std::string status =
      "SELECT status || ' ' || coalesce(error, '-') FROM runs WHERE label = 'sft' AND seed = 0";
  EXPECT_EQ(query(store, status), "failed out of memory");
  store.put_run(small_run("sft", 0), small_stages("sft", 0));
  EXPECT_EQ(query(store, status), "failed out of memory");
  store.fail_run(small_run("sft", 0).identity, "");
  EXPECT_EQ(query(store, status), "complete -");
}

TEST(Store, attempts_end_once_and_one_of_them_completes) {
  TemporaryFolder folder;
  Store store = Store::open(folder / "results.sqlite");
  store.put_sweep({"small", "", "", ""});
  store.put_run(small_run("sft", 7), small_stages("sft", 7));
  std::string stage = small_stages("sft", 7)[0].identity;
  EXPECT_FALSE(store.stage_complete(stage));
  int64_t first = store.begin_attempt({stage}), second = store.begin_attempt({stage});
  store.finish_attempt(first, {2, 1, 32}, {}, {{1, "loss", std::nan("")}, {1, "grad_norm", 0.5}});
  EXPECT_TRUE(store.stage_complete(stage));
  EXPECT_EQ(query(store, "SELECT value FROM curve WHERE name = 'loss'"), "(null)");
  EXPECT_THAT(error_of([&] { store.interrupt_attempt(first, "failed", "late", {}); }),
              HasSubstr("not running"));
  EXPECT_THAT(error_of([&] { store.finish_attempt(second, {}, {}, {}); }), HasSubstr("UNIQUE"));
  EXPECT_THAT(error_of([&] { store.begin_attempt({identity_of("nobody")}); }),
              HasSubstr("there is no stage"));
  EXPECT_THAT(error_of([&] { store.interrupt_attempt(second, "tired", "", {}); }), HasSubstr("CHECK"));
}

TEST(Store, an_evaluation_is_complete_or_absent) {
  TemporaryFolder folder;
  Store store = open_small_database(folder);
  std::string before = dump(store);
  std::vector<EvidenceRow> evidence = small_evidence({8, 8, 8});
  evidence.back().evidence_json = "{not JSON";
  std::vector<ItemRow> items = small_items();
  EvaluationRow evaluation = small_evaluation("another");
  auto put = [&] {
    store.put_evaluation(small_run("base", 0).identity, evaluation, items, evidence, {},
                         {small_cost("score", 1)});
  };
  EXPECT_THAT(error_of(put), HasSubstr("evidence_json"));
  evidence.back().evidence_json = "{}";
  evidence.back().item_id = "99999";
  EXPECT_THAT(error_of(put), HasSubstr("item '99999'"));
  evidence = small_evidence({8, 8, 8});
  for (const auto& hash : {std::string(63, 'a') + "g", std::string(62, 'a')}) {
    evidence.back().image_sha256 = hash;
    EXPECT_THAT(error_of(put), HasSubstr("SHA-256 is \"" + hash));
  }
  evidence = small_evidence({8, 8, 8});
  items.push_back(items[0]);
  items.back().prompt = "another prompt";
  EXPECT_THAT(error_of(put), HasSubstr("two items '" + items[0].item_id));
  EXPECT_EQ(dump(store), before);
  EXPECT_FALSE(store.evaluation_complete(evaluation.identity));
}

TEST(Store, what_many_evaluations_say_is_stored_once) {
  TemporaryFolder folder;
  Store store = open_small_database(folder);
  EXPECT_EQ(query(store, "SELECT count(*) FROM prompt"), "12");
  EXPECT_EQ(query(store, "SELECT count(*) FROM item"), "60");
  EXPECT_EQ(query(store, "SELECT count(*) FROM reason"), "1");
  EvaluationRow evaluation = small_evaluation("another");
  std::vector<ItemRow> items = small_items();
  items[1].metadata = R"({"count": 2})";
  std::vector<EvidenceRow> evidence = small_evidence({8, 8, 7});
  evidence[0].image_path = usual_image_path(evaluation.identity, evidence[0].item_id, 0);
  store.put_evaluation(small_run("base", 0).identity, evaluation, items, evidence, {}, {});
  EXPECT_EQ(query(store, "SELECT count(*) FROM prompt"), "13");
  EXPECT_EQ(query(store, "SELECT count(*) FROM reason"), "1");
  EXPECT_EQ(query(store, "SELECT count(*) FROM judgement WHERE image_path IS NULL"), "1");
  EXPECT_EQ(store.items(evaluation.identity)[1].metadata, items[1].metadata);
  const auto stored = store.evidence(evaluation.identity);
  for (size_t i = 0; i < evidence.size(); ++i) {
    EXPECT_EQ(stored.at(i).image_path, evidence[i].image_path);
    EXPECT_EQ(stored.at(i).reason, evidence[i].reason);
  }
}

TEST(Store, a_second_run_gets_a_link_to_an_existing_evaluation) {
  TemporaryFolder folder;
  Store store = open_small_database(folder);
  store.put_run(small_run("base", 5), {});
  std::string costs = query(store, "SELECT count(*) FROM cost");
  store.put_evaluation(small_run("base", 5).identity, small_evaluation("base0"), small_items(),
                       small_evidence({4, 2, 1}), {}, {small_cost("score", 1)});
  EXPECT_EQ(query(store, "SELECT count(*) FROM cost"), costs);
  EXPECT_EQ(query(store, "SELECT count(*) FROM run_evaluation"), "6");
  EXPECT_THAT(error_of([&] { store.link_evaluation(identity_of("x"), small_evaluation("base0").identity); }),
              HasSubstr("there is no run"));
}

}  // namespace
}  // namespace umm::results
