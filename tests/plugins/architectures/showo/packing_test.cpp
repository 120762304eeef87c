// Layouts and masks against the published definitions, written out as predicates of single positions.
#include "packing.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include "nn/attention.h"
#include "text/word_tokenizer.h"
#include "umm/error.h"

namespace umm::showo {
namespace {

using Ids = std::vector<int64_t>;

constexpr int64_t kTexts = 12, kRecon = 16, kTarget = 4, kPicture = 3;

class PackingTest : public testing::Test {
 protected:
  Ids row(const PackedSequence& packed, int64_t sample) const {
    const Tensor ids = packed.token_ids[sample].contiguous();
    return {ids.const_data_ptr<int64_t>(), ids.const_data_ptr<int64_t>() + ids.numel()};
  }

  // Checks sample `b`; rows of padding are of no interest where `rows_to` says so.
  void expect_mask(const PackedSequence& packed, int64_t b, const std::function<bool(int64_t, int64_t)>& sees,
                   int64_t rows_to = -1) const {
    const Tensor visible = nn::visibility(packed.roles)[b];
    const int64_t length = visible.size(0);
    for (int64_t r = 0; r < (rows_to < 0 ? length : rows_to); ++r)
      for (int64_t c = 0; c < length; ++c)
        ASSERT_EQ(visible[r][c].item<bool>(), sees(r, c)) << "row " << r << " column " << c;
  }

  static Ids join(std::initializer_list<Ids> parts) {
    Ids all;
    for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
  }

  Ids words(const std::string& text) const { return tokenizer_.encode(text); }
  Ids pads(int64_t count) const { return Ids(static_cast<size_t>(count), vocabulary_.pad()); }
  Ids target() const { return join({{soi_}, Ids(kTarget, vocabulary_.mask()), {eoi_}}); }

  const text::WordTokenizer tokenizer_{UMM_SOURCE_DIR "/tests/plugins/architectures/words.txt"};
  const Vocabulary vocabulary_{.num_words = tokenizer_.vocabulary_size(), .num_codes = 8};
  const Packer packer_{
      {.text_length = kTexts, .recon_text_length = kRecon, .num_image_tokens = kTarget, .system_prompt = ""},
      vocabulary_,
      tokenizer_};
  const int64_t eos_ = tokenizer_.end_id(), soi_ = vocabulary_.image_begin(), eoi_ = vocabulary_.image_end(),
                mmu_ = vocabulary_.understanding(), t2i_ = vocabulary_.text_to_image();
};

TEST_F(PackingTest, VocabularyHasThePublishedOrder) {
  const Vocabulary published{.num_words = 50295, .num_codes = 8192};
  EXPECT_EQ(published.pad(), 50295);
  EXPECT_EQ(published.image_begin(), 50296);
  EXPECT_EQ(published.image_end(), 50297);
  EXPECT_EQ(published.text_to_image(), 50300);
  EXPECT_EQ(published.understanding(), 50301);
  EXPECT_EQ(published.first_code(), 50305);
  EXPECT_EQ(published.mask(), 58497);
  EXPECT_EQ(published.size(), 58498);
}

TEST_F(PackingTest, TextToImage) {
  const Prompt prompt{.texts = {"a red circle", ""}, .contexts = {}};
  const auto packed = packer_.pack_generation(prompt, kTexts + 1);
  EXPECT_EQ(packer_.full_prefix_length(prompt), kTexts + 1);
  EXPECT_EQ(packed.target_begin, kTexts + 1);
  EXPECT_EQ(row(packed, 0), join({pads(7), {t2i_, eos_}, words("a red circle"), {eos_}, target()}));
  EXPECT_EQ(row(packed, 1), join({pads(10), {t2i_, eos_, eos_}, target()}));
  const int64_t begin = packed.target_begin;
  for (const auto& [sample, num_pads] : std::vector<std::pair<int64_t, int64_t>>{{0, 7}, {1, 10}})
    expect_mask(packed, sample, [&, pads = num_pads](int64_t r, int64_t c) {
      if (r >= begin) return c >= pads;
      return r < pads ? c <= r : c >= pads && c <= r;
    });
  EXPECT_EQ(packer_.pack_generation(prompt).target_begin, 6);  // as short as the batch allows
}

TEST_F(PackingTest, LongTextKeepsItsEndMark) {
  const Prompt prompt{.texts = {"a a a a a a a a a a a a a a a"}, .contexts = {}};
  const Ids ids = row(packer_.pack_generation(prompt), 0);
  EXPECT_EQ(ids[kTexts], eos_);
  EXPECT_EQ(ids[kTexts - 1], words("a")[0]);
  EXPECT_EQ(ids[kTexts + 1], soi_);
}

TEST_F(PackingTest, EmbeddingsToImage) {
  const Prompt prompt{.layout = Layout::embeddings,
                      .texts = {"describe the picture", "what"},
                      .contexts = {},
                      .picture_length = kPicture};
  const auto packed = packer_.pack_generation(prompt);
  EXPECT_EQ(packed.target_begin, kRecon + kPicture);
  const Ids text = words("user: describe the picture assistant:");
  const int64_t num_pads = kRecon - 5 - static_cast<int64_t>(text.size());
  EXPECT_EQ(row(packed, 0),
            join({{mmu_, soi_}, pads(kPicture), {eoi_, eos_}, text, {eos_}, pads(num_pads), target()}));
  EXPECT_TRUE(at::equal(packed.picture_columns, at::tensor({2, 3, 4, 2, 3, 4}, at::kLong).view({2, 3})));
  const int64_t begin = packed.target_begin, first = begin + 1, last = begin + kTarget;
  expect_mask(packed, 0, [&](int64_t r, int64_t c) {
    if (c >= begin - num_pads && c < begin) return false;
    const auto in_target = [&](int64_t i) { return i >= first && i <= last; };
    return c <= r || (c >= 2 && c < 2 + kPicture) || (in_target(r) && in_target(c));
  });
}

TEST_F(PackingTest, CodesToImage) {
  const Prompt prompt{.layout = Layout::codes,
                      .texts = {"what", "describe the picture"},
                      .contexts = {},
                      .picture_length = kPicture};
  const auto fixed = packer_.full_prefix_length(prompt);
  EXPECT_EQ(fixed, kTexts + 3 + kPicture);
  const auto packed = packer_.pack_generation(prompt, fixed);
  const Ids text = words("user: what assistant:");
  const int64_t num_pads = kTexts - 2 - static_cast<int64_t>(text.size());
  EXPECT_EQ(row(packed, 0),
            join({pads(num_pads), {mmu_, soi_}, pads(kPicture), {eoi_, eos_}, text, {eos_}, target()}));
  EXPECT_EQ(packed.picture_columns[0][0].item<int64_t>(), num_pads + 2);
  const int64_t given = num_pads + 1, given_end = given + kPicture + 1, begin = packed.target_begin;
  expect_mask(packed, 0, [&](int64_t r, int64_t c) {
    if (r < num_pads) return c <= r;
    if (c < num_pads) return false;
    if (r >= begin) return true;
    return c <= r || (r >= given && r <= given_end && c <= given_end);
  });
}

// What lets the sampler keep keys and values of the prompt.
TEST_F(PackingTest, NoTokenOfAPromptSeesTheTarget) {
  for (const Layout layout : {Layout::text, Layout::embeddings, Layout::codes}) {
    const int64_t picture = layout == Layout::text ? 0 : kPicture;
    const auto packed = packer_.pack_generation(
        {.layout = layout, .texts = {"what", "a red circle"}, .contexts = {}, .picture_length = picture});
    const auto begin = packed.target_begin;
    EXPECT_FALSE(nn::visibility(packed.roles).slice(1, 0, begin).slice(2, begin).any().item<bool>());
  }
}

TEST_F(PackingTest, PictureToTextThroughEmbeddings) {
  const Prompt prompt{
      .layout = Layout::embeddings, .texts = {"what?", "what"}, .contexts = {}, .picture_length = kPicture};
  const auto packed = packer_.pack_answers(prompt, {"a red circle", "a"});
  const Ids question = words("user: what? assistant:");
  EXPECT_EQ(row(packed, 0),
            join({{mmu_, soi_}, pads(kPicture), {eoi_}, question, words("a red circle"), {eos_}}));
  const int64_t length = packed.token_ids.size(1);
  expect_mask(packed, 0, [](int64_t r, int64_t c) { return c <= r || (c >= 2 && c < 2 + kPicture); });
  // The row before each of the four answer tokens, and no other.
  EXPECT_TRUE(at::equal(packed.supervised[0],
                        (at::arange(length) >= length - 5) & (at::arange(length) < length - 1)));
  EXPECT_EQ(packed.supervised[1].sum().item<int64_t>(), 2);
  EXPECT_FALSE(packed.supervised[1].slice(0, length - 4).any().item<bool>());
}

TEST_F(PackingTest, PictureToTextThroughCodes) {
  const Prompt prompt{.layout = Layout::codes, .texts = {"what"}, .contexts = {}, .picture_length = kPicture};
  const auto packed = packer_.pack_answers(prompt, {"a"});
  EXPECT_EQ(row(packed, 0),
            join({{mmu_, soi_}, pads(kPicture), {eoi_, eos_}, words("user: what assistant: a"), {eos_}}));
  expect_mask(packed, 0, [](int64_t r, int64_t c) { return c <= r || c <= 2 + kPicture; });
}

TEST_F(PackingTest, WordsInThePicturesPlace) {
  const Prompt prompt{.layout = Layout::words, .texts = {"what", "what"}, .contexts = {"red circle", "a"}};
  const auto packed = packer_.pack_answers(prompt, {"a", "a"});
  EXPECT_EQ(row(packed, 0),
            join({{mmu_, soi_}, words("red circle"), {eoi_}, words("user: what assistant: a"), {eos_}}));
  expect_mask(packed, 0, [](int64_t r, int64_t c) { return c <= r || c == 2 || c == 3; });
  expect_mask(
      packed, 1, [](int64_t r, int64_t c) { return c <= r || c == 2; }, packed.token_ids.size(1) - 1);
}

TEST_F(PackingTest, WordsInThePicturesPlaceToImage) {
  const Prompt prompt{.layout = Layout::words, .texts = {"what", "what"}, .contexts = {"red circle", ""}};
  const auto packed = packer_.pack_generation(prompt);
  const Ids text = words("user: what assistant:");
  const int64_t used = 5 + static_cast<int64_t>(text.size()), begin = kRecon;
  EXPECT_EQ(packed.target_begin, begin);
  EXPECT_EQ(row(packed, 0), join({{mmu_, soi_},
                                  words("red circle"),
                                  {eoi_, eos_},
                                  text,
                                  {eos_},
                                  pads(kRecon - used - 2),
                                  target()}));
  const auto in_target = [&](int64_t i) { return i > begin && i <= begin + kTarget; };
  expect_mask(packed, 0, [&](int64_t r, int64_t c) {
    if (c >= used + 2 && c < begin) return false;
    return c <= r || c == 2 || c == 3 || (in_target(r) && in_target(c));
  });
}

TEST_F(PackingTest, PlainText) {
  const auto packed =
      packer_.pack_answers({.texts = {"a red", ""}, .contexts = {}}, {"circle", "a blue square"});
  EXPECT_EQ(row(packed, 0), join({{eos_}, words("a red circle"), {eos_}}));
  EXPECT_EQ(row(packed, 1), join({{eos_}, words("a blue square"), {eos_}}));
  expect_mask(packed, 0, [](int64_t r, int64_t c) { return c <= r; });
  EXPECT_EQ(packed.supervised[0].sum().item<int64_t>(), 2);
  EXPECT_EQ(packed.supervised[1].sum().item<int64_t>(), 4);
}

TEST_F(PackingTest, QuestionsEndTogether) {
  const Prompt prompt{.layout = Layout::embeddings,
                      .texts = {"what", "what the picture"},
                      .contexts = {},
                      .picture_length = kPicture};
  const auto packed = packer_.pack_questions(prompt);
  EXPECT_EQ(row(packed, 0),
            join({pads(2), {mmu_, soi_}, pads(kPicture), {eoi_}, words("user: what assistant:")}));
  EXPECT_EQ(packed.picture_columns[0][0].item<int64_t>(), 4);
  EXPECT_EQ(packed.picture_columns[1][0].item<int64_t>(), 2);
}

}  // namespace
}  // namespace umm::showo
