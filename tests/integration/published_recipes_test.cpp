// The published recipes in experiments plan at their real sizes: every stage's code runs, on models
// without memory. Weights are empty files, which a plan does not open.
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
    for (const char* preset : {"256_clip", "512_clip", "512_vq", "0.5b", "1.5b"}) {
      for (const char* component : {"model", "image_tokenizer", "image_encoder"}) {
        const auto folder = folder_ / "weights" / preset / component;
        fs::create_directories(folder);
        std::ofstream(folder / "pytorch_model.bin") << "not read";
      }
    }
    fs::create_directories(folder_ / "data");
    fs::copy_file(UMM_SOURCE_DIR "/tests/data/image/color.jpg", folder_ / "data/color.jpg");
    std::ofstream recon(folder_ / "data/recon.jsonl"), i2t(folder_ / "data/i2t.jsonl");
    recon << R"({"image": "color.jpg"})"
          << "\n";
    i2t << R"({"image": "color.jpg", "question": "what is it?", "answer": "a picture"})"
        << "\n";
    const fs::path spec = fs::path(UMM_SOURCE_DIR "/experiments") / GetParam();
    fs::copy_file(spec, folder_ / spec.filename());
  }
};

TEST_P(PublishedRecipesTest, EveryStageHasAnEstimate) {
  const Finished plan = run("plan " + fs::path(GetParam()).filename().string() + " --tflops 400");
  EXPECT_EQ(plan.exit_code, 0) << plan.err;
  EXPECT_NE(plan.out.find("EFLOP"), std::string::npos) << plan.out;
  EXPECT_NE(plan.out.find("activations"), std::string::npos) << plan.out;
  EXPECT_EQ(plan.out.find("no estimate"), std::string::npos) << plan.out;
}

INSTANTIATE_TEST_SUITE_P(Specs, PublishedRecipesTest,
                         ::testing::Values("showo/reca_clip.toml", "showo/reca_vq.toml", "harmon/reca.toml"),
                         [](const auto& info) {
                           const fs::path spec(info.param);
                           return spec.parent_path().string() + "_" + spec.stem().string();
                         });

}  // namespace
}  // namespace umm::testing
