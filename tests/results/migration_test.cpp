// Databases of earlier schema versions, made with the schema as it was (tests/data/results).
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "results/database.h"
#include "results/describe.h"
#include "results/failure_signature.h"
#include "results/run_folder.h"
#include "results/table.h"
#include "tests/results/small_output.h"

namespace umm::results {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

void run(sqlite3* database, const std::string& sql) {
  if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    throw std::runtime_error(sql + ": " + sqlite3_errmsg(database));
}

std::string ask(sqlite3* database, const std::string& sql) {
  std::string answer;
  sqlite3_exec(
      database, sql.c_str(),
      [](void* to, int, char** values, char**) { return *static_cast<std::string*>(to) = values[0], 0; },
      &answer, nullptr);
  return answer;
}

// What `present` says as `version` stored it: today's rows without the columns that came since.
void write_old(int version, const std::string& present, const std::string& old) {
  sqlite3* database = nullptr;
  sqlite3_open(old.c_str(), &database);
  run(database, read_from(UMM_SOURCE_DIR "/tests/data/results/schema_" + std::to_string(version) + ".sql"));
  run(database, "ATTACH '" + present + "' AS present");
  std::istringstream tables(
      ask(database, "SELECT group_concat(name, ' ') FROM sqlite_schema WHERE type = 'table'"));
  for (std::string table; tables >> table;) {
    const auto columns = ask(database, "SELECT group_concat(name) FROM pragma_table_info('" + table + "')");
    run(database,
        "INSERT INTO main." + table + " (" + columns + ") SELECT " + columns + " FROM present." + table);
  }
  sqlite3_close(database);
}

// The small sweep of each version.
class Migration : public testing::TestWithParam<int> {
 protected:
  Migration() {
    Store present = Store::open(folder_ / "present.sqlite");
    fill_small_database(present);
    write_old(GetParam(), folder_ / "present.sqlite", old_);
    if (GetParam() > 1) return;
    sqlite3* database = nullptr;
    sqlite3_open(old_.c_str(), &database);
    run(database, "INSERT INTO attempt (stage_id, status, host) VALUES (1, 'running', 'node1')");
    sqlite3_close(database);
  }

  TemporaryFolder folder_;
  std::string old_ = folder_ / "results.sqlite";
};
INSTANTIATE_TEST_SUITE_P(Versions, Migration, testing::Range(1, kSchemaVersion));

const char* const kColumns =
    "SELECT group_concat(line, char(10)) FROM (SELECT t.name || '.' || c.cid || ' ' || c.name || ' ' || "
    "c.type || "
    "' ' || c.\"notnull\" || ' ' || coalesce(c.dflt_value, '-') || ' ' || c.pk AS line "
    "FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c "
    "WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid)";
const char* const kIndices =
    "SELECT group_concat(line, char(10)) FROM (SELECT name || ' ' || coalesce(sql, '-') AS line "
    "FROM sqlite_master WHERE type IN ('index', 'view') ORDER BY name)";

std::string as_text(const Store& store, const std::string& evaluation) {
  std::string text;
  for (const auto& row : store.items(evaluation))
    text += row.item_id + ' ' + row.tag + ' ' + row.prompt + ' ' + row.metadata + '\n';
  for (const auto& row : store.evidence(evaluation))
    text += row.item_id + ' ' + std::to_string(row.image_index) + ' ' + row.image_path + ' ' +
            row.image_sha256 + ' ' + row.evidence_json + ' ' + std::to_string(row.score) + ' ' + row.reason +
            '\n';
  return text;
}

TEST_P(Migration, an_old_database_becomes_like_a_new_one_and_keeps_its_rows) {
  const std::string rows =
      "SELECT (SELECT count(*) FROM evidence) || ' ' || (SELECT count(*) FROM cost) || ' ' || "
      "(SELECT count(*) FROM attempt) || ' ' || (SELECT total(value) FROM score)";
  const std::string before = query(Store::open_read_only(old_), rows);
  EXPECT_THAT(before, HasSubstr("120 "));
  const Store fresh = Store::open(folder_ / "fresh.sqlite");
  {
    const Store store = Store::open(old_);
    EXPECT_EQ(query(store, "PRAGMA user_version"), std::to_string(kSchemaVersion));
    EXPECT_EQ(query(store, kColumns), query(fresh, kColumns));
    EXPECT_EQ(query(store, kIndices), query(fresh, kIndices));
    EXPECT_EQ(query(store, rows), before);
    EXPECT_EQ(query(store, "SELECT count(*) FROM attempt WHERE status = 'running'"), "0");
    EXPECT_EQ(query(store, "SELECT status || ': ' || error FROM attempt WHERE host = 'node1'"),
              GetParam() > 1 ? "(no row)" : "interrupted: the process was killed");
    const Store present = Store::open_read_only(folder_ / "present.sqlite");
    for (const auto& evaluation : present.evaluations())
      EXPECT_THAT(as_text(store, evaluation.identity), as_text(present, evaluation.identity));
    EXPECT_EQ(query(store, "SELECT count(*) FROM pragma_foreign_key_check"), "0");
    EXPECT_EQ(query(store, "PRAGMA integrity_check"), "ok");
  }
  const std::string after = canonical_dump(Store::open_read_only(old_));
  EXPECT_EQ(canonical_dump(Store::open(old_)), after);
}

TEST_P(Migration, an_old_database_can_be_read_as_it_is) {
  const Store store = Store::open_read_only(old_);
  EXPECT_EQ(query(store, "PRAGMA user_version"), std::to_string(GetParam()));
  const auto old = build_tables(store, "small");
  const auto present = build_tables(Store::open_read_only(folder_ / "present.sqlite"), "small");
  ASSERT_EQ(old.size(), 1u);
  EXPECT_EQ(render(old[0], TableFormat::kText), render(present[0], TableFormat::kText));
  EXPECT_EQ(store.evaluations().size(), 5u);
  EXPECT_EQ(store.evidence(store.evaluations()[0].identity).size(), 24u);
  const auto rows = count_rows(store.handle());
  EXPECT_EQ(rows.at("cost"), 15);
  EXPECT_EQ(rows.contains("journal"), GetParam() > 1);
  EXPECT_EQ(rows.contains("judgement"), GetParam() > 2);
}

// What is stored stands: it was first, and no journal tells of it.
TEST_P(Migration, journals_go_on_from_it) {
  OutputFolder output(folder_.path());
  output.put_sweep(small_sweep({{"base", 0}, {"sft", 0}, {"sft", 2}}));
  const auto stage = small_stages("sft", 0)[0];
  output.put_journal("sft", 0, 1,
                     JournalText(400'000'000)
                         .add(small_attempt("sft", 0, 1))
                         .add(small_stage_end(stage, 60), StageEnd::kFound)
                         .add(EvaluationFound{small_evaluation("sft0").identity})
                         .add(AttemptEnd{"complete", "", {}})
                         .text());
  EXPECT_THAT(output.take_in().problems, testing::IsEmpty());
  const Store store = output.store();
  EXPECT_EQ(query(store, "SELECT count(*) FROM attempt WHERE found"), "0");
  EXPECT_EQ(query(store, "SELECT count(*) FROM runs WHERE sweep = 'small'"), "3");
  EXPECT_EQ(query(store, "SELECT count(*) FROM run"), "6");
  EXPECT_EQ(query(store, "SELECT count(*) FROM evaluation"), "5");
}

// Version 1 did not know all that journals say.
TEST(MigrationFrom2And3, what_journals_say_is_the_same_as_in_a_new_database) {
  for (const int version : {2, 3}) {
    const TemporaryFolder folder;
    const OutputFolder output = small_output(folder);
    output.take_in();
    const std::string expected = output.dump();
    std::filesystem::rename(folder / "results.sqlite", folder / "present.sqlite");
    write_old(version, folder / "present.sqlite", folder / "results.sqlite");
    output.take_in();
    EXPECT_EQ(output.dump(), expected);
  }
}

// As programs of version 3 wrote it: called by its name in the spec.
std::string old_evaluation(const std::string& name, size_t unanswered) {
  auto frame = small_evaluation_frame("same", {4, 2, 1});
  frame.evaluation.protocol_text = R"({"evaluator": "geneval"})";
  for (size_t i = 0; i < unanswered; ++i) {
    frame.evidence[i].score = 0;
    frame.evidence[i].status = "failed";
  }
  auto json = nlohmann::json::parse(to_payload(frame));
  json["evaluation"].erase("name");
  json["evaluation"]["benchmark"] = name;
  return json.dump();
}

// What programs of that version left of three runs with one evaluation, which two of them made. The first of
// them counted, with its costs alone, also where it had fewer answers; runs that found it did not say what
// they call it; and what an `end` names was not looked for.
OutputFolder old_output(const TemporaryFolder& folder, int version) {
  OutputFolder output(folder.path());
  output.put_sweep(small_sweep({{"base", 0}, {"base", 1}, {"base", 2}}));
  const std::string same = small_evaluation("same").identity;
  const auto put = [&](int64_t seed, const char* type, const std::string& payload,
                       const std::vector<std::string>& evaluations) {
    output.put_journal("base", seed, 1,
                       JournalText(100 * seed)
                           .add(small_attempt("base", seed, 1))
                           .add_line(type, payload)
                           .add(AttemptEnd{"complete", "", evaluations})
                           .text());
  };
  const std::string found = R"({"evaluation": ")" + same + "\"}";
  // Version 2 had no pictures without a score.
  const std::string first = old_evaluation("geneval_ema", version == 2 ? 0 : 2);
  put(0, "evaluation", first, {});
  for (const int64_t seed : {1, 2}) put(seed, "evaluation_found", found, {});
  output.take_in();
  std::filesystem::rename(folder / "results.sqlite", folder / "present.sqlite");
  write_old(version, folder / "present.sqlite", folder / "results.sqlite");
  put(0, "evaluation", first, {same});
  put(1, "evaluation", old_evaluation("second", 0), {same});
  put(2, "evaluation_found", found, {same, identity_of("lost")});

  sqlite3* database = nullptr;
  sqlite3_open((folder / "results.sqlite").c_str(), &database);
  run(database, "UPDATE evaluation SET benchmark = 'geneval_ema'");
  for (const int64_t seed : {0, 1, 2}) {
    const auto bytes = std::filesystem::file_size(journal_file(output.attempt("base", seed, 1)));
    run(database, "UPDATE journal SET next_offset = " + std::to_string(bytes) +
                      " WHERE run_id = (SELECT id FROM run WHERE seed = " + std::to_string(seed) + ")");
  }
  sqlite3_close(database);
  return output;
}

const char* const kNames =
    "SELECT group_concat(name, '|') FROM (SELECT name FROM run_evaluation JOIN run ON run.id = run_id "
    "ORDER BY seed)";
const char* const kPhases = "SELECT group_concat(phase) FROM (SELECT phase FROM cost ORDER BY phase)";

TEST(MigrationFrom2And3, journals_are_read_anew) {
  for (const int version : {2, 3}) {
    const TemporaryFolder folder;
    const OutputFolder output = old_output(folder, version);
    EXPECT_THAT(output.take_in().problems, ElementsAre(HasSubstr(identity_of("lost"))));
    EXPECT_EQ(query(output.store(), kNames), "geneval_ema|second|");
    EXPECT_EQ(query(output.store(), kPhases), "generate,score,score");
    EXPECT_EQ(query(output.store(), "SELECT count(*) FROM evidence WHERE status = 'scored'"), "24");
    EXPECT_EQ(output.dump(), output.dump_of_new());
    EXPECT_EQ(output.take_in().frames, 0);
  }
}

// What differs then: results/README.md.
TEST(MigrationFrom2And3, rows_stay_where_one_of_their_files_is_gone) {
  for (const int version : {2, 3}) {
    for (const std::string lost : {"a journal", "an end of one", "a sweep"}) {
      const TemporaryFolder folder;
      const OutputFolder output = old_output(folder, version);
      const auto journal = journal_file(output.attempt("base", 1, 1));
      if (lost == "a journal") std::filesystem::remove(journal);
      if (lost == "an end of one")
        std::filesystem::resize_file(journal, std::filesystem::file_size(journal) - 5);
      if (lost == "a sweep") std::filesystem::remove(sweep_file(output.path(), "small"));
      for (int time = 0; time < 2; ++time) output.take_in();
      EXPECT_EQ(query(output.store(), "SELECT count(*) FROM runs WHERE sweep = 'small'"), "3");
      EXPECT_EQ(query(output.store(), "SELECT count(*) FROM journal"), "3");
      EXPECT_EQ(query(output.store(), "SELECT count(*) FROM evidence"), "24");
      EXPECT_EQ(query(output.store(), kNames), "geneval_ema|geneval_ema|geneval_ema") << lost;
      EXPECT_EQ(query(output.store(), kPhases), "generate,score");
    }
  }
}

TEST(MigrationFrom3, evaluations_are_called_by_their_evaluators) {
  const TemporaryFolder folder;
  {
    Store present = Store::open(folder / "present.sqlite");
    fill_small_database(present);
    execute(present.handle(),
            "UPDATE evaluation SET benchmark = 'geneval_ema', protocol_text = '{\"evaluator\": \"geneval\"}' "
            "WHERE id = 1; UPDATE evaluation SET benchmark = 'other', protocol_text = '{\"evaluator\": 3}' "
            "WHERE id = 2; UPDATE run SET error = 'loss is 3' WHERE id = 1",
            "preparing a test");
  }
  write_old(3, folder / "present.sqlite", folder / "results.sqlite");
  const Store store = Store::open(folder / "results.sqlite");
  EXPECT_EQ(query(store, "SELECT group_concat(benchmark) FROM evaluation"),
            "geneval,other,geneval,geneval,geneval");
  EXPECT_EQ(query(store, "SELECT group_concat(name) FROM (SELECT name FROM run_evaluation ORDER BY run_id)"),
            "geneval_ema,other,geneval,geneval,geneval");
  EXPECT_EQ(query(store, "SELECT signature FROM failures WHERE error = 'loss is 3'"),
            failure_signature("loss is 4"));
  // Nobody has said of any of them that it was complete.
  EXPECT_EQ(query(store, "SELECT count(*) FROM runs WHERE status = 'complete'"), "4");
}

}  // namespace
}  // namespace umm::results
