// The questions of docs/results.md, asked of a small database.
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <regex>

#include "results/query.h"
#include "results/reported.h"
#include "results/run_folder.h"
#include "results/submission.h"
#include "tests/results/small_database.h"

namespace umm::results {
namespace {

void add_where_it_comes_from(const Store& store) {
  SubmittedSweep sweep;
  sweep.sweep.name = "small";
  sweep.runs.emplace_back(small_run("reca", 0), small_stages("reca", 0));
  sweep.submission = Submission{"node-3", {"NVIDIA H200"}, "0.1.0", "2.9.1", {}, "abc", false, ""};
  sweep.sources = {{{{"method", "reca", "1.2.0", "ffff"}}, {}}};
  put_submission(store, sweep);
}

void add_published_figures(const Store& store, const TemporaryFolder& folder) {
  std::filesystem::create_directories(folder / "reported");
  std::ofstream(folder / "reported/p.csv")
      << "paper,version,place,row,benchmark,metric,value,unit,trust,note,sweep,label\n"
         "P,v1,t,RecA,geneval,overall,90,percent,by_eye,,small,reca\n";
  std::vector<std::string> problems;
  take_in_reported(store, folder.path(), problems);
  EXPECT_THAT(problems, testing::IsEmpty());
}

TEST(PaperQueries, all_ten_have_answers) {
  const TemporaryFolder folder;
  const Store store = open_small_database(folder);
  add_where_it_comes_from(store);
  add_published_figures(store, folder);
  std::ifstream in(UMM_SOURCE_DIR "/docs/results.md");
  const std::string page(std::istreambuf_iterator<char>(in), {});
  const std::regex block("```sql\n([^`]*)```");
  std::vector<std::string> answers;
  for (std::sregex_iterator match(page.begin(), page.end(), block), end; match != end; ++match) {
    std::string& answer = answers.emplace_back();
    const int64_t rows = print_query(store.handle(), (*match)[1].str(), QueryFormat::kCsv,
                                     [&](std::string_view text) { answer += text; });
    EXPECT_GT(rows, 0) << (*match)[1];
  }
  ASSERT_EQ(answers.size(), 10u);
  using testing::HasSubstr;
  EXPECT_THAT(answers[0], HasSubstr("small,complete,5\n"));
  EXPECT_THAT(answers[1], HasSubstr("sft,overall,41.7,5.9,2 of 2\n"));
  EXPECT_THAT(answers[2], HasSubstr("reca,3.0,0.55,0.1\n"));
  EXPECT_THAT(answers[3], HasSubstr("small,train,cpu: test x2 threads,6.0,"));
  EXPECT_THAT(answers[4], HasSubstr("reca,0.875,3.0\n"));
  EXPECT_THAT(answers[5], HasSubstr("reca,sft,counting,0.5,8,0,16\n"));
  EXPECT_THAT(answers[6],
              testing::StartsWith("prompt,gain,a_picture,a_reason\n"
                                  "a picture of 3 red circles (single_object),4.0,images/00003_0.png,"));
  EXPECT_THAT(answers[7], HasSubstr("sft,0,sft,100,1.0\n"));
  EXPECT_THAT(answers[8], HasSubstr("RecA,geneval,overall,v1,by_eye,90.0,87.5,-2.5,2\n"));
  EXPECT_THAT(answers[9], HasSubstr("node-3"));
}

}  // namespace
}  // namespace umm::results
