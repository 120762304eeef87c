// The plugin as the host sees it.
#include <gmock/gmock.h>

#include <unistd.h>

#include <filesystem>

#include "../architecture_fixture.h"

namespace umm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TokenLoss drawing_loss(Architecture& model, const Condition& prompt, const Tensor& images,
                       uint64_t seed = 1) {
  Rng rng(seed);
  return require<GenerationObjective>(model).generation_loss(prompt, images, rng);
}

// With a head that says something: its last layers begin at zero and would pass nothing on.
std::unique_ptr<Architecture> awake_model(std::map<std::string, OptionValue> values = {}) {
  auto model = make_model(std::move(values));
  Rng rng(3);
  for (auto& parameter : model->parameters()) {
    const at::NoGradGuard no_gradient;
    if (parameter.group == "diffusion_head") parameter.value.add_(0.02 * rng.normal(parameter.value.sizes()));
  }
  return model;
}

TEST(Harmon, DeclaresWhatItProvides) {
  auto model = make_model();
  EXPECT_EQ(plugin().id, "harmon");
  EXPECT_EQ(capabilities(*model), plugin().provides);
}

TEST(Harmon, WeightsHaveThePublishedNames) {
  const auto names = expect_weights(
      {"model/llm.model.embed_tokens.weight", "model/llm.model.layers.2.self_attn.q_proj.bias",
       "model/llm.model.layers.0.mlp.gate_proj.weight", "model/llm.model.norm.weight",
       "model/mar.fake_latent", "model/mar.mask_token", "model/mar.encoder_pos_embed_learned",
       "model/mar.z_proj_ln.bias", "model/mar.encoder_blocks.0.attn.qkv.weight",
       "model/mar.decoder_blocks.1.mlp.fc2.bias", "model/mar.diffloss.net.time_embed.mlp.2.weight",
       "model/mar.diffloss.net.res_blocks.0.adaLN_modulation.1.weight",
       "model/mar.diffloss.net.final_layer.linear.bias", "model/proj_in.0.weight", "model/proj_out.2.bias",
       "image_tokenizer/encoder.conv_in.weight", "image_tokenizer/quant_conv.weight",
       "image_tokenizer/post_quant_conv.bias"});
  EXPECT_FALSE(names.contains("model/llm.lm_head.weight"));
}

TEST(Harmon, DrawingReachesEverythingButTheTokenizer) {
  auto model = awake_model();
  freeze(*model, {"image_tokenizer"});
  const auto loss = drawing_loss(*model, condition({text_segment(kTexts)}), pictures(2));
  EXPECT_TRUE(loss.count.ge(5).all().item<bool>());  // 30 % of sixteen tokens
  loss.mean().backward();
  EXPECT_THAT(reached(*model).all, ElementsAre("diffusion_head", "embeddings", "image_decoder",
                                               "image_encoder", "language_model", "projector"));
  EXPECT_THAT(reached(*model).none, ElementsAre("image_tokenizer"));
}

TEST(Harmon, AnswersCoverTheirWordsAndTheEndMark) {
  auto model = make_model();
  freeze(*model, {"image_tokenizer"});
  Rng rng(1);
  const auto loss = require<TextObjective>(*model).text_loss(
      condition({encoded_image_segment(pictures(2), ""), text_segment({"what?", "describe the picture"})}),
      kTexts, rng);
  EXPECT_TRUE(at::equal(loss.count, at::tensor({4.f, 8.f})));
  loss.mean().backward();
  EXPECT_THAT(reached(*model).all, ::testing::Contains("language_model"));
  EXPECT_THAT(reached(*model).none, ElementsAre("diffusion_head", "image_decoder", "image_tokenizer"));
}

// RecA: the picture of the condition learns a tenth.
TEST(Harmon, GradientScaleScalesTheGradientOnly) {
  const auto gradient_and_loss = [](double scale) {
    auto model = make_model();
    Rng rng(1);
    const auto loss = require<TextObjective>(*model).text_loss(
        condition({encoded_image_segment(pictures(2), "mar", scale), text_segment(kTexts)}), kTexts, rng);
    loss.mean().backward();
    for (const auto& parameter : model->parameters())
      if (parameter.name == "proj_in.2.weight")
        return std::pair(parameter.value.grad(), loss.mean().item<float>());
    return std::pair(Tensor(), 0.f);
  };
  const auto [whole, loss] = gradient_and_loss(1);
  const auto [tenth, same_loss] = gradient_and_loss(0.1);
  EXPECT_EQ(loss, same_loss);
  EXPECT_TRUE(at::allclose(tenth, 0.1 * whole, 1e-4, 1e-8));
  EXPECT_FALSE(gradient_and_loss(0).first.defined());
}

TEST(Harmon, ADroppedInstructionLeavesThePicture) {
  auto model = awake_model();
  const Tensor images = pictures(2), others = pictures(2, 2);
  const auto loss = [&](const std::vector<std::string>& texts, const std::string& instead,
                        const Tensor& shown) {
    Segment words = text_segment(texts, 1);
    words.dropout_text = instead;
    return drawing_loss(*model, condition({encoded_image_segment(shown, ""), words}), images)
        .mean()
        .item<float>();
  };
  const std::vector<std::string> other_texts = {"the picture", "what?"};
  EXPECT_EQ(loss(kTexts, "", images), loss(other_texts, "", images));  // what was said is gone,
  EXPECT_EQ(loss(kTexts, "image", images), loss(kTexts, "", images));  // the preset's own words stand there,
  EXPECT_NE(loss(kTexts, "describe", images), loss(kTexts, "", images));
  EXPECT_NE(loss(kTexts, "", images), loss(kTexts, "", others));  // and the picture is still seen
}

TEST(Harmon, ABatchOfUnequalAnswersIsTheSumOfItsSamples) {
  auto model = make_model();
  const Tensor images = pictures(2);
  const std::vector<std::string> questions = {"what?", "describe the picture"};
  const auto loss = [&](int64_t begin, int64_t end) {
    const std::vector<std::string> asked(questions.begin() + begin, questions.begin() + end);
    const std::vector<std::string> said(kTexts.begin() + begin, kTexts.begin() + end);
    Rng rng(1);
    return require<TextObjective>(*model)
        .text_loss(condition({encoded_image_segment(images.slice(0, begin, end), ""), text_segment(asked)}),
                   said, rng)
        .sum;
  };
  EXPECT_TRUE(at::allclose(loss(0, 2), at::cat({loss(0, 1), loss(1, 2)}), 1e-4, 1e-4));
}

TEST(Harmon, AnAnswerNeedsAPrompt) {
  auto model = make_model();
  Rng rng(1);
  EXPECT_THROW(require<TextObjective>(*model).text_loss({}, kTexts, rng), Error);
  EXPECT_THROW(require<TextGenerator>(*model).answer({}, 3), Error);
}

TEST(Harmon, AFrozenEncoderTrainsWithRecomputation) {
  auto model = awake_model({{"recompute", true}});
  freeze(*model, {"image_tokenizer", "image_encoder", "projector", "language_model", "embeddings"});
  drawing_loss(*model, condition({text_segment(kTexts)}), pictures(2)).mean().backward();
  EXPECT_THAT(reached(*model).all, ElementsAre("diffusion_head", "image_decoder"));
}

// A target that is also shown is encoded once, with the same result.
TEST(Harmon, APictureThatIsItsOwnTargetCountsAsAnyOther) {
  auto model = awake_model();
  const Tensor images = pictures(2);
  const auto loss = [&](const Tensor& shown) {
    return drawing_loss(*model, condition({encoded_image_segment(shown, ""), text_segment(kTexts)}), images)
        .sum;
  };
  EXPECT_TRUE(loss(images).equal(loss(images.clone())));
}

TEST(Harmon, DropoutIsDrawnFromTheRngAlone) {
  auto model = make_model({{"dropout", 0.5}});
  const auto loss = [&](bool training, uint64_t seed) {
    model->set_training(training);
    const Condition seen = condition({encoded_image_segment(pictures(2), ""), text_segment(kTexts)});
    Rng rng(seed);
    return require<TextObjective>(*model).text_loss(seen, kTexts, rng).mean().item<float>();
  };
  EXPECT_EQ(loss(true, 1), loss(true, 1));
  EXPECT_NE(loss(true, 1), loss(true, 2));
  EXPECT_EQ(loss(false, 1), loss(false, 2));
}

TEST(Harmon, RecomputationChangesNoGradient) {
  const auto gradients = [](bool recompute) {
    auto model = awake_model({{"recompute", recompute}, {"dropout", 0.2}});
    model->set_training(true);
    freeze(*model, {"image_tokenizer"});
    drawing_loss(*model, condition({encoded_image_segment(pictures(2), "", 0.1), text_segment(kTexts)}),
                 pictures(2))
        .mean()
        .backward();
    std::vector<Tensor> all;
    for (const auto& parameter : model->parameters())
      if (parameter.value.grad().defined()) all.push_back(parameter.value.grad());
    return all;
  };
  const auto kept = gradients(false), again = gradients(true);
  ASSERT_EQ(kept.size(), again.size());
  // Sums of noise levels in another order, so relative to each tensor's largest gradient.
  for (size_t i = 0; i < kept.size(); ++i)
    EXPECT_LT((kept[i] - again[i]).abs().max().item<float>(), 1e-4 * kept[i].abs().max().item<float>()) << i;
}

TEST(Harmon, GuidanceAndSchedulesChangeThePicture) {
  auto model = awake_model();
  const auto draw = [&](std::map<std::string, OptionValue> values, std::vector<Segment> segments) {
    values.emplace("denoising_steps", int64_t{5});
    values.emplace("denoising_spacing", std::string("strided"));
    std::vector<Rng> rngs = {Rng(1), Rng(2)};
    return require<ImageGenerator>(*model).generate(condition(std::move(segments)), sampling(values), rngs);
  };
  const auto differ = [](const Tensor& a, const Tensor& b) {
    return (a - b).abs().max().item<float>() > 1e-3;
  };
  const Tensor plain = draw({}, {text_segment(kTexts)});
  EXPECT_EQ(plain.sizes(), (std::vector<int64_t>{2, 3, 32, 32}));
  EXPECT_LT(plain.abs().mean().item<float>(), 0.99);  // not all of it is cut off at white and black
  const Tensor guided = draw({{"guidance_scale", 3.0}}, {text_segment(kTexts)});
  EXPECT_TRUE(differ(plain, guided));
  const Tensor linear =
      draw({{"guidance_scale", 3.0}, {"guidance_schedule", std::string("linear")}}, {text_segment(kTexts)});
  EXPECT_TRUE(differ(linear, guided));
  EXPECT_TRUE(differ(draw({{"temperature", 0.0}}, {text_segment(kTexts)}), plain));
  // Guidance towards what is there without it changes nothing.
  EXPECT_FALSE(differ(draw({}, {}), draw({{"guidance_scale", 3.0}}, {})));
  const Tensor rebuilt =
      draw({{"guidance_scale", 3.0}}, {encoded_image_segment(pictures(2), ""), text_segment(kTexts)});
  EXPECT_TRUE(differ(rebuilt, guided));
  // More iterations than tokens: some reveal none.
  EXPECT_TRUE(at::isfinite(draw({{"steps", int64_t{40}}}, {text_segment(kTexts)})).all().item<bool>());
}

TEST(Harmon, RefusesWhatItCannotPack) {
  auto model = make_model();
  const auto message = [&](std::vector<Segment> segments) -> std::string {
    try {
      drawing_loss(*model, condition(std::move(segments)), pictures(2));
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(message({generation_image_segment(pictures(2)), text_segment(kTexts)}),
              HasSubstr("cannot pack the condition [generation_image, text]"));
  EXPECT_THAT(message({text_segment(kTexts), text_segment(kTexts)}),
              HasSubstr("it packs: nothing, [text], [encoded"));
  EXPECT_THAT(message({encoded_image_segment(pictures(2), "clip"), text_segment(kTexts)}),
              HasSubstr("it has: mar"));
  EXPECT_THAT(message({text_segment({"a"})}), HasSubstr("1 texts for 2 samples"));
}

TEST(Harmon, PublishedPresetsWantTheirTokenizer) {
  for (const char* preset : {"0.5b", "1.5b"})
    EXPECT_THROW(make_model({{"preset", std::string(preset)}}), InputError) << preset;
}

TEST(Harmon, OfficialFilesComeBackAsTheyWent) {
  namespace fs = std::filesystem;
  const std::string folder = ::testing::TempDir() + "harmon_official_" + std::to_string(getpid());
  auto model = make_model(), other = make_model();
  other->initialize(8);
  require<OfficialWeights>(*model).save_official(folder);
  WeightLoader loader;
  for (const char* component : {"model", "image_tokenizer"})
    require<OfficialWeights>(*other).load_official(component, folder, loader);
  EXPECT_THAT(loader.problems(), ::testing::IsEmpty());
  loader.copy();
  const auto ours = model->parameters(), theirs = other->parameters();
  for (size_t i = 0; i < ours.size(); ++i) EXPECT_TRUE(ours[i].value.equal(theirs[i].value)) << ours[i].name;
  fs::remove_all(folder);

  WeightLoader empty;
  require<OfficialWeights>(*other).load_official("model", folder, empty);
  ASSERT_EQ(empty.problems().size(), 1U);
  EXPECT_THAT(empty.problems()[0], HasSubstr("expected the official weights"));
}

}  // namespace
}  // namespace umm
