// Published figures: what the files must be, the files that are shipped, and how they stand beside scores.
#include "results/reported.h"

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "results/ingest.h"
#include "results/run_folder.h"
#include "tests/results/small_database.h"

namespace umm::results {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kHead = "paper,version,place,row,benchmark,metric,value,unit,trust,note,sweep,label\n";
const std::filesystem::path kShipped = UMM_SOURCE_DIR "/experiments/paper/reported";

TEST(Reported, a_line_is_a_figure_and_columns_may_come_in_any_order) {
  const auto rows = reported_from_text(
      std::string(kHead) + "P,v1,table 1,\"a, \"\"b\"\"\",geneval,overall,.5,fraction,by_eye,,,\n",
      "x/p.csv");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].row, "a, \"b\"");
  EXPECT_EQ(rows[0].value, 0.5);
  EXPECT_EQ(rows[0].file, "p.csv");
  EXPECT_FALSE(rows[0].sweep);
  const auto turned = reported_from_text(
      "label,sweep,note,trust,unit,value,metric,benchmark,row,place,version,paper\n"
      "l,s,,primary,points,1,m,b,r,t,,P\n",
      "p.csv");
  EXPECT_EQ(turned[0].paper, "P");
  EXPECT_EQ(*turned[0].label, "l");
}

TEST(Reported, mistakes_name_their_line) {
  const auto error = [](const std::string& line) {
    return error_of([&] { reported_from_text(kHead + line, "p.csv"); });
  };
  EXPECT_THAT(error("P,v1,t,r,b,m,about 5,points,by_eye,,,\n"),
              AllOf(HasSubstr("p.csv:2"), HasSubstr("about 5"), HasSubstr("expected a finite number")));
  EXPECT_THAT(error("\nP,v1,t,r,b,m,5,points,maybe,,,\n"), AllOf(HasSubstr("p.csv:3"), HasSubstr("by_eye")));
  EXPECT_THAT(error("P,v1,t,r,b,m,5,points,by_eye,,\n"), HasSubstr("11 fields: expected 12"));
  EXPECT_THAT(error("P,v1,t,,b,m,5,points,by_eye,,,\n"), HasSubstr("row is empty"));
  EXPECT_THAT(error("P,v1,t,r,b,m,5,points,by_eye,,s,\n"), HasSubstr("given together"));
  EXPECT_THAT(error("P,v1,t,\"r,b,m,5,points,by_eye,,,\n"), HasSubstr("not closed"));
  EXPECT_THAT(error_of([] { reported_from_text("", "p.csv"); }), HasSubstr("is empty"));
  EXPECT_THAT(error_of([] { reported_from_text("paper,value\n", "p.csv"); }), HasSubstr("expected paper"));
}

// A figure that is added, dropped or there twice changes these.
TEST(Reported, shipped_files_have_every_figure_once) {
  std::map<std::string, size_t> counts;
  std::set<std::vector<std::string>> seen;
  for (const auto& file : reported_files(kShipped))
    for (const auto& row : read_reported(file)) {
      ++counts[row.file];
      EXPECT_TRUE(seen.insert({row.paper, row.version, row.place, row.row, row.benchmark, row.metric}).second)
          << row.file << ": " << row.paper << " " << row.place << " " << row.row << " " << row.metric;
      const double most = row.unit == "fraction" ? 1 : row.unit == "percent" ? 100 : 1e6;
      EXPECT_LE(row.value, most) << row.row << " " << row.metric;
      // What we store is 0 to 1, where these are printed from 0 to 100.
      EXPECT_TRUE(row.benchmark != "dpg" || row.unit == "percent") << row.file << ": " << row.row;
    }
  EXPECT_THAT(counts, ElementsAre(testing::Pair("benchmarks.csv", 316), testing::Pair("costs.csv", 52),
                                  testing::Pair("reca.csv", 463), testing::Pair("torchumm.csv", 69)));
}

TEST(Reported, shipped_files_are_taken_in_once_and_leave_with_their_file) {
  const TemporaryFolder folder;
  for (const auto& file : reported_files(kShipped)) {
    std::filesystem::create_directories(folder / "reported");
    std::filesystem::copy_file(file, reported_folder(folder.path()) / file.filename());
  }
  Ingester ingester(folder.path(), [](const auto&) { return false; });
  EXPECT_THAT(ingester.take_in().problems, IsEmpty());
  const std::string count = query(ingester.store(), "SELECT count(*) FROM reported");
  EXPECT_GT(std::stoi(count), 800);
  // Versions that disagree stand side by side.
  EXPECT_EQ(query(ingester.store(),
                  "SELECT group_concat(value) FROM (SELECT value FROM reported WHERE place = 'abstract' "
                  "AND row = 'BAGEL + RecA' AND benchmark = 'gedit' ORDER BY version)"),
            "7.25,7.27");
  ingester.take_in();
  EXPECT_EQ(query(ingester.store(), "SELECT count(*) FROM reported"), count);
  std::filesystem::remove_all(reported_folder(folder.path()));
  ingester.take_in();
  EXPECT_EQ(query(ingester.store(), "SELECT count(*) FROM reported"), "0");
}

TEST(Reported, a_bad_file_is_a_problem_and_the_others_are_taken_in) {
  const TemporaryFolder folder;
  const std::string line = "P,v1,t,r,b,m,5,points,by_eye,,,\n";
  write_file(folder / "reported/a.csv", kHead + line);
  write_file(folder / "reported/b.csv", kHead + line);
  write_file(folder / "reported/c.csv", "nothing\n");
  write_file(folder / "reported/d.csv", std::string(kHead) + "P,v1,t,r,b,n,nan,points,by_eye,,,\n");
  write_file(folder / "reported/e.csv", std::string(kHead) + "P,v1,t,r,b,n,-inf,points,by_eye,,,\n");
  Ingester ingester(folder.path(), [](const auto&) { return false; });
  const auto report = ingester.take_in();
  EXPECT_THAT(report.problems, ElementsAre(HasSubstr("a.csv has it already"), HasSubstr("c.csv:1"),
                                           HasSubstr("d.csv:2: value \"nan\": expected a finite number"),
                                           HasSubstr("e.csv:2: value \"-inf\"")));
  EXPECT_EQ(query(ingester.store(), "SELECT file FROM reported"), "a.csv");
}

TEST(Reported, stands_beside_what_was_measured_in_its_own_unit) {
  const TemporaryFolder folder;
  Store store = open_small_database(folder);
  write_file(folder / "reported/p.csv",
             std::string(kHead) +
                 "P,v1,t,RecA,geneval,overall,90,percent,by_eye,,small,reca\n"
                 "P,v1,t,RecA,cost,train_device_hours,2,device-hours,by_eye,,small,reca\n"
                 "P,v1,t,RecA,dpg,overall,85,points,by_eye,,small,reca\n"
                 "P,v1,t,other,geneval,overall,80,percent,by_eye,,,\n");
  std::vector<std::string> problems;
  EXPECT_EQ(take_in_reported(store, folder.path(), problems), 4);
  const std::string select =
      "SELECT printf('%.1f %.1f %.1f %d', reported, measured, difference, seeds) "
      "FROM reported_vs_measured WHERE benchmark = ";
  EXPECT_EQ(query(store, select + "'geneval'"), "90.0 87.5 -2.5 2");
  EXPECT_EQ(query(store, select + "'cost'"), "2.0 3.0 1.0 2");
  EXPECT_EQ(query(store, "SELECT measured FROM reported_vs_measured WHERE benchmark = 'dpg'"), "(null)");
  EXPECT_EQ(query(store, "SELECT count(*) FROM reported_vs_measured"), "3");
  // Another sampler is another row, and says so.
  EvaluationRow guided = small_evaluation("reca0 guided");
  guided.sampling_text = "guidance_scale = 2";
  store.put_evaluation(small_run("reca", 0).identity, guided, small_items(), small_evidence({8, 8, 8}),
                       small_scores({8, 8, 8}), {});
  EXPECT_EQ(query(store,
                  "SELECT group_concat(measured || ' by ' || replace(sampling_text, char(10), ', '), '; ') "
                  "FROM (SELECT * FROM reported_vs_measured WHERE benchmark = 'geneval' ORDER BY measured)"),
            "87.5 by guidance_scale = 1, steps = 12; 100.0 by guidance_scale = 2");
  EXPECT_EQ(query(store, "SELECT sampling_text FROM reported_vs_measured WHERE benchmark = 'cost'"),
            "(null)");
}

}  // namespace
}  // namespace umm::results
