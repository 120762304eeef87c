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

// Each row says of which sweep, benchmark, protocol, weights and sampler it is; small and again share runs.
TEST(PaperQueries, all_ten_have_answers) {
  const TemporaryFolder folder;
  Store store = open_small_database(folder);
  put_second_sweep(store);
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
  using testing::AllOf, testing::HasSubstr, testing::Not, testing::StartsWith;
  const std::string sampling = "\"guidance_scale = 1\nsteps = 12\"";
  const std::string protocol = ",aaaabbbbcccc,last,", one = protocol + sampling + "\n";
  const std::string pair = protocol + "last," + sampling + "," + sampling + "\n";
  EXPECT_THAT(answers[0], AllOf(HasSubstr("small,complete,5\n"), HasSubstr("again,complete,5\n")));
  for (const std::string sweep : {"small", "again"}) {
    EXPECT_THAT(answers[1], HasSubstr(sweep + ",sft,overall,41.7,5.9,2 of 2" + one));
    EXPECT_THAT(answers[2], HasSubstr(sweep + ",reca,3.0,0.55,0.1\n"));
    EXPECT_THAT(answers[4], HasSubstr(sweep + ",geneval,reca,0.875,3.0" + one));
    EXPECT_THAT(answers[4], HasSubstr(sweep + ",dpg,base,0.5,0.0,ddddeeeeffff,last," + sampling + "\n"));
    EXPECT_THAT(answers[5], HasSubstr(sweep + ",geneval,reca,sft,counting,0.5,8,0,16" + pair));
    EXPECT_THAT(answers[5], HasSubstr(sweep + ",wise,reca,sft,single_object,0.0,0,0,7,0000"));
    EXPECT_THAT(answers[5], HasSubstr(sweep + ",wise,reca,sft,color_attr,0.0,0,0,6,0000"));
    EXPECT_THAT(answers[7], HasSubstr(sweep + ",sft,0,sft,100,1.0\n"));
  }
  EXPECT_THAT(answers[3], HasSubstr("small,train,cpu: test x2 threads,6.0,"));
  EXPECT_THAT(answers[4], Not(HasSubstr("dpg,reca"))) << "fronts of two benchmarks do not mix";
  // Both pictures of one pair, of the seed in which they differ.
  EXPECT_THAT(answers[6],
              StartsWith("sweep,benchmark,prompt,gain,seed,image_index,picture_a,picture_b,reason_a,reason_b,"
                         "protocol,weights,weights_b,sampling_text,sampling_text_b\n"
                         "again,geneval,a picture of 3 red circles (single_object),4.0,0,0,"
                         "geneval/reca0/images/00003_0.png,geneval/sft0/images/00003_0.png,\"\","
                         "\"expected 1 circle, found 0\"" +
                         pair));
  EXPECT_THAT(answers[6], HasSubstr("a picture of 1 red circles (counting),2.0,1,0,"
                                    "geneval/reca1/images/00005_0.png,geneval/sft1/images/00005_0.png,"));
  EXPECT_THAT(answers[8], HasSubstr("RecA,geneval,overall,v1,by_eye,90.0,87.5,-2.5,2,small,reca,"
                                    "aaaabbbbcccc,last,\"guidance_scale = 1\nsteps = 12\"\n"));
  EXPECT_THAT(answers[9], HasSubstr("node-3"));
}

}  // namespace
}  // namespace umm::results
