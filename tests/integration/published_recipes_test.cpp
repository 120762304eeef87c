// The published recipes in experiments plan at their real sizes: every stage's code runs, on models
// without memory. Weights are empty files, which a plan does not open; so are those of experiments/paper.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "../parity/published_vocabulary.h"
#include "program.h"

namespace umm::testing {
namespace {

class PublishedRecipesTest : public ProgramTest, public ::testing::WithParamInterface<std::string> {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    write_published_vocabulary(folder_ / "weights/phi-1_5", "gpt2");
    write_published_vocabulary(folder_ / "weights/qwen2_5", "qwen");
    for (const char* preset : {"256_clip", "512_clip", "512_vq", "0.5b", "1.5b", "showo/512_clip",
                               "showo/512_vq", "harmon/1.5b"}) {
      for (const char* component : {"model", "image_tokenizer", "image_encoder"}) {
        const auto folder = folder_ / "weights" / preset / component;
        fs::create_directories(folder);
        std::ofstream(folder / "pytorch_model.bin") << "not read";
      }
    }
    fs::create_directories(folder_ / "data");
    fs::copy_file(UMM_SOURCE_DIR "/tests/data/image/color.jpg", folder_ / "data/color.jpg");
    for (const char* list : {"recon", "midjourneyv6"})
      write(std::string("data/") + list + ".jsonl", "{\"image\": \"color.jpg\"}\n");
    for (const char* list : {"i2t", "llava_665k"}) {
      write(std::string("data/") + list + ".jsonl",
            R"({"image": "color.jpg", "question": "what is it?", "answer": "a picture"})"
            "\n");
    }
  }

  // Where its paths lead to the files above.
  std::string place_spec() const {
    const fs::path spec = fs::path(UMM_SOURCE_DIR "/experiments") / GetParam();
    const bool paper = GetParam().starts_with("paper/");
    const fs::path folder = paper ? fs::path("experiments") / fs::path(GetParam()).parent_path() : fs::path();
    fs::create_directories(folder_ / folder);
    fs::copy_file(spec, folder_ / folder / spec.filename());
    return (folder / spec.filename()).string();
  }
};

TEST_P(PublishedRecipesTest, EveryStageHasAnEstimate) {
  const Finished plan = run("plan " + place_spec() + " --tflops 400");
  EXPECT_EQ(plan.exit_code, 0) << plan.err;
  EXPECT_NE(plan.out.find("EFLOP"), std::string::npos) << plan.out;
  EXPECT_NE(plan.out.find("activations"), std::string::npos) << plan.out;
  EXPECT_EQ(plan.out.find("no estimate"), std::string::npos) << plan.out;
}

INSTANTIATE_TEST_SUITE_P(Specs, PublishedRecipesTest,
                         ::testing::Values("showo/reca_clip.toml", "showo/reca_vq.toml", "harmon/reca.toml",
                                           "paper/recipes/showo_clip.toml", "paper/recipes/showo_vq.toml",
                                           "paper/recipes/harmon.toml"),
                         [](const auto& info) {
                           std::string name = fs::path(info.param).replace_extension().string();
                           std::replace(name.begin(), name.end(), '/', '_');
                           return name;
                         });

}  // namespace
}  // namespace umm::testing
