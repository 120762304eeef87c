#include "dpg/evidence.h"

#include <gmock/gmock.h>

#include "small_table.h"
#include "umm/error.h"

namespace umm::dpg {
namespace {

using ::testing::ElementsAre;

Answer answer(int64_t question, std::string text) {
  return {.question = question, .text = std::move(text), .log_prob = {}, .p_yes = {}};
}

TEST(Evidence, SurvivesItsText) {
  std::vector<CropAnswers> crops = {{answer(1, "yes"), answer(2, "a \"red\" one\n")}, {}};
  crops[0][0].log_prob = -0.1;
  crops[0][1].p_yes = 1e-300;
  const auto read = parse_evidence(evidence_text(crops));
  ASSERT_EQ(read.size(), 2U);
  ASSERT_EQ(read[0].size(), 2U);
  EXPECT_EQ(read[0][0].log_prob, -0.1);
  EXPECT_EQ(read[0][0].p_yes, std::nullopt);
  EXPECT_EQ(read[0][1].text, "a \"red\" one\n");
  EXPECT_EQ(read[0][1].p_yes, 1e-300);
  EXPECT_EQ(evidence_text(read), evidence_text(crops));
  EXPECT_EQ(parse_evidence(evidence_text({{answer(1, "yes\xFF")}}))[0][0].text, "yes\uFFFD");
}

TEST(Evidence, RefusesOtherText) {
  for (const char* text :
       {"", "{}", "[]", R"({"crops": [{}]})", R"({"crops": [{"answers": [{"question": 1}]}]})",
        R"({"crops": [{"answers": [{"question": "1", "answer": "yes"}]}]})"}) {
    EXPECT_THROW(parse_evidence(text), Error) << text;
  }
}

TEST(YesAnswers, StandInTheItemsOrder) {
  const auto items = read_csv(kSmallTable, "q.csv", Variant::fixed);
  const Item& numbers = items[2];  // questions 4, 5, 6
  const auto yes = yes_answers(numbers, {{answer(4, "yes"), answer(5, "no"), answer(6, "yes")},
                                         {answer(6, "yes"), answer(4, "Yes"), answer(5, "no")}});
  EXPECT_THAT(yes, ElementsAre(YesAnswers{true, false, true}, YesAnswers{false, false, true}));
  EXPECT_THROW(yes_answers(numbers, {{answer(4, "yes"), answer(5, "no")}}), Error);
  EXPECT_THROW(yes_answers(numbers, {{answer(4, "yes"), answer(4, "no"), answer(6, "no")}}), Error);
  EXPECT_THROW(yes_answers(numbers, {{answer(4, "yes"), answer(5, "no"), answer(7, "no")}}), Error);
}

}  // namespace
}  // namespace umm::dpg
