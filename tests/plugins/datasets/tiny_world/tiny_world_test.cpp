// The plugin as the host sees it: loaded from its file, made from options.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <map>

#include "umm/umm.h"

namespace {

class Entries : public umm::Registry {
 public:
  void add(umm::PluginEntry entry) override { entries[{entry.kind, entry.id}] = std::move(entry); }
  std::map<std::pair<umm::PluginKind, std::string>, umm::PluginEntry> entries;
};

class TinyWorldPlugin : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    library_ = dlopen(UMM_BINARY_DIR "/plugins/tiny_world.umm.so", RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(library_, nullptr) << dlerror();
    const auto* entry = static_cast<const UmmPluginEntry*>(dlsym(library_, "umm_plugin_entry_v1"));
    ASSERT_NE(entry, nullptr) << dlerror();
    entry->attach(&registry_);
  }

  static const umm::PluginEntry& entry(umm::PluginKind kind, const std::string& id = "tiny_world") {
    return registry_.entries.at({kind, id});
  }

  static std::vector<std::string> records(const std::string& id,
                                          const std::map<std::string, umm::OptionValue>& values = {}) {
    const auto& found = entry(umm::PluginKind::prompt_set, id);
    return found.make_prompt_set(umm::Options(found.options, values))->records();
  }

  static std::unique_ptr<umm::Dataset> dataset(const std::map<std::string, umm::OptionValue>& values) {
    const auto& found = entry(umm::PluginKind::dataset);
    return found.make_dataset(umm::Options(found.options, values));
  }

  static inline void* library_ = nullptr;
  static inline Entries registry_;
};

TEST_F(TinyWorldPlugin, SamplesHaveEveryFieldOfAFlow) {
  const auto world = dataset({});
  EXPECT_FALSE(world->size().has_value());
  int with_caption = 0;
  for (int64_t i = 0; i < 200; ++i) {
    const umm::Sample sample = world->sample(i);
    umm::expect_shape(sample.image, {3, 32, 32}, "image");
    EXPECT_LE(sample.image.abs().max().item<float>(), 1.0f);
    EXPECT_FALSE(sample.question.empty());
    EXPECT_FALSE(sample.answer.empty());
    with_caption += !sample.caption.empty();
    EXPECT_FALSE(sample.source_image.defined());
  }
  EXPECT_NEAR(with_caption, 170, 25);
}

TEST_F(TinyWorldPlugin, SamplesDependOnTheirIndexAlone) {
  const auto one = dataset({{"seed", int64_t{5}}}), other = dataset({{"seed", int64_t{5}}});
  other->sample(3);
  const umm::Sample a = one->sample(123), b = other->sample(123);
  EXPECT_TRUE(a.image.equal(b.image));
  EXPECT_EQ(a.caption, b.caption);
  EXPECT_EQ(a.question, b.question);
  EXPECT_EQ(a.answer, b.answer);
}

TEST_F(TinyWorldPlugin, HonoursItsOptions) {
  const auto world = dataset({{"size", int64_t{10}}, {"image_size", int64_t{64}}, {"split", "heldout"}});
  EXPECT_EQ(world->size(), 10);
  umm::expect_shape(world->sample(9).image, {3, 64, 64}, "image");
  EXPECT_THROW(world->sample(10), umm::Error);
  EXPECT_THROW(dataset({{"image_size", int64_t{48}}}), umm::InputError);
  EXPECT_THROW(dataset({{"min_objects", int64_t{3}}, {"max_objects", int64_t{2}}}), umm::InputError);
  EXPECT_THROW(dataset({{"colours", int64_t{3}}}), umm::InputError);
}

TEST_F(TinyWorldPlugin, OracleReadsTheDatasetsPictures) {
  const auto detector = entry(umm::PluginKind::detector).make_detector(umm::Options());
  const auto world = dataset({{"min_objects", int64_t{4}}});
  for (int64_t i = 0; i < 50; ++i) {
    EXPECT_EQ(detector->detect(umm::image_from_tensor(world->sample(i).image)).size(), 4u);
  }
}

TEST_F(TinyWorldPlugin, PromptSetsMakeAsManyPromptsAsAreAskedFor) {
  EXPECT_EQ(records("tiny_world").size(), 180u);
  EXPECT_EQ(records("tiny_world_dpg").size(), 40u);
  EXPECT_EQ(records("tiny_world_dpg", {{"prompts", int64_t{3}}}).size(), 3u);
  EXPECT_EQ(records("tiny_world_wise").size(), 30u);
  EXPECT_EQ(records("tiny_world_wise", {{"prompts_per_category", int64_t{20}}}).size(), 120u);
}

TEST_F(TinyWorldPlugin, OracleAnswersAndJudges) {
  const auto answerer = entry(umm::PluginKind::answerer).make_answerer(umm::Options());
  const auto world = dataset({{"min_objects", int64_t{1}}, {"max_objects", int64_t{1}}});
  const auto sample = world->sample(0);
  const auto answers = answerer->answer(umm::image_from_tensor(sample.image),
                                        {"Is there " + sample.answer + "?", "Is there a dog?"});
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0].text, "yes") << sample.answer;
  EXPECT_EQ(answers[1].text, "no");
  EXPECT_EQ(entry(umm::PluginKind::judge).make_judge(umm::Options(), {})->ask({}).status,
            umm::ReplyStatus::answered);
}

}  // namespace
