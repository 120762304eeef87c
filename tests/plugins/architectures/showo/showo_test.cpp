// The plugin as the host sees it.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "../architecture_fixture.h"

namespace umm {
namespace {

TEST(Showo, DeclaresWhatItProvides) {
  auto model = make_model();
  EXPECT_EQ(plugin().id, "showo");
  EXPECT_EQ(capabilities(*model), plugin().provides);
  std::set<std::string> groups, used;
  for (const auto& group : model->parameter_groups()) groups.insert(group.name);
  for (const auto& parameter : model->parameters()) used.insert(parameter.group);
  EXPECT_EQ(groups, used);
}

TEST(Showo, WeightsHaveThePublishedNames) {
  const auto names = expect_weights(
      {"model/showo.model.embed_tokens.weight", "model/showo.model.layers.3.self_attn.dense.bias",
       "model/showo.model.final_layernorm.weight", "model/showo.lm_head.bias", "model/mm_projector.0.weight",
       "model/mm_projector.2.bias", "image_tokenizer/encoder.quant_conv.weight",
       "image_tokenizer/decoder.post_quant_conv.weight",
       "image_encoder/vision_model.embeddings.class_embedding",
       "image_encoder/vision_model.encoder.layers.0.layer_norm1.weight"});
  EXPECT_FALSE(names.contains("model/showo.lm_head.weight"));
  bool has_head = false;
  for (const auto& parameter : make_model({{"head", std::string("untied")}})->parameters())
    has_head = has_head || parameter.name == "showo.lm_head.weight";
  EXPECT_TRUE(has_head);
}

TEST(Showo, TextToImageReachesEverythingButTheTower) {
  auto model = make_model();
  freeze(*model, {"image_tokenizer", "image_encoder"});
  Rng rng(1);
  const auto loss = require<GenerationObjective>(*model).generation_loss(condition({text_segment(kTexts)}),
                                                                         pictures(2), rng);
  EXPECT_NEAR(loss.mean().item<double>(), std::log(1051.0), 0.3);  // 16 words, 10 specials, 1024 codes, mask
  EXPECT_TRUE(loss.count.ge(3).all().item<bool>());                // at least one code and the two marks
  loss.mean().backward();
  EXPECT_THAT(reached(*model).all, ::testing::ElementsAre("embeddings", "language_model"));
  EXPECT_THAT(reached(*model).none, ::testing::ElementsAre("image_encoder", "image_tokenizer", "projector"));
}

TEST(Showo, MarksAreSupervisedByTheReferenceOnly) {
  const auto count = [](bool reference, Condition prompt) {
    auto model = make_model({{"reference_t2i_targets", reference}});
    Rng rng(1);
    return require<GenerationObjective>(*model).generation_loss(prompt, pictures(2), rng).count;
  };
  const Condition text = condition({text_segment(kTexts)});
  EXPECT_TRUE(at::equal(count(true, text), count(false, text) + 2));
  const Condition recon = condition({encoded_image_segment(pictures(2), "clip"), text_segment(kTexts)});
  EXPECT_TRUE(at::equal(count(true, recon), count(false, recon)));
}

TEST(Showo, PictureToTextReachesProjectorAndTower) {
  auto model = make_model();
  freeze(*model, {"image_tokenizer"});
  Rng rng(1);
  const auto loss = require<TextObjective>(*model).text_loss(
      condition({encoded_image_segment(pictures(2), ""), text_segment({"what?", "describe the picture"})}),
      kTexts, rng);
  EXPECT_TRUE(at::equal(loss.count, at::tensor({4.f, 8.f})));
  loss.mean().backward();
  EXPECT_THAT(reached(*model).all,
              ::testing::ElementsAre("embeddings", "image_encoder", "language_model", "projector"));
  EXPECT_THAT(reached(*model).none, ::testing::ElementsAre("image_tokenizer"));
}

// RecA: the picture's embeddings and all other input embeddings are constants.
TEST(Showo, GradientScaleZeroDetachesAllInputEmbeddings) {
  auto model = make_model({{"head", std::string("untied")}});
  freeze(*model, {"image_tokenizer", "image_encoder"});
  Rng rng(1);
  const auto loss = require<GenerationObjective>(*model).generation_loss(
      condition({encoded_image_segment(pictures(2), "clip", 0), text_segment(kTexts)}), pictures(2), rng);
  loss.mean().backward();
  EXPECT_THAT(reached(*model).all, ::testing::ElementsAre("language_model"));
  EXPECT_THAT(reached(*model).none,
              ::testing::ElementsAre("embeddings", "image_encoder", "image_tokenizer", "projector"));
}

TEST(Showo, GradientScaleScalesTheGradientOnly) {
  const auto gradient_and_loss = [](double scale) {
    auto model = make_model();
    Rng rng(1);
    const auto loss = require<GenerationObjective>(*model).generation_loss(
        condition({encoded_image_segment(pictures(2), "clip", scale), text_segment(kTexts)}), pictures(2),
        rng);
    loss.mean().backward();
    for (const auto& parameter : model->parameters())
      if (parameter.name == "mm_projector.2.weight")
        return std::pair(parameter.value.grad(), loss.mean().item<float>());
    return std::pair(Tensor(), 0.f);
  };
  const auto [whole, loss] = gradient_and_loss(1);
  const auto [tenth, same_loss] = gradient_and_loss(0.1);
  EXPECT_NEAR(loss, same_loss, 1e-5);
  EXPECT_TRUE(at::allclose(tenth, 0.1 * whole, 1e-3, 1e-8));
}

TEST(Showo, DroppedSegmentsTakeTheirEmptyForm) {
  auto model = make_model();
  const auto loss_of = [&](const Condition& prompt) {
    Rng rng(5);
    return require<GenerationObjective>(*model)
        .generation_loss(prompt, pictures(2), rng)
        .mean()
        .item<float>();
  };
  // A probability of 1 draws as much as any other, so only the condition differs.
  const auto dropped = [](Segment segment, double probability, const char* text = "") {
    segment.dropout_probability = probability;
    segment.dropout_text = text;
    return segment;
  };
  const auto tiny = 1e-12;
  EXPECT_EQ(loss_of(condition({dropped(text_segment(kTexts), 1)})),
            loss_of(condition({dropped(text_segment({"", ""}), tiny)})));
  EXPECT_EQ(loss_of(condition({dropped(text_segment(kTexts), 1, "red")})),
            loss_of(condition({dropped(text_segment({"red", "red"}), tiny)})));
  const auto seen = [&](int seed, double probability) {
    return loss_of(condition(
        {dropped(encoded_image_segment(pictures(2, seed), "clip"), probability), text_segment(kTexts)}));
  };
  EXPECT_EQ(seen(1, 1), seen(2, 1));
  EXPECT_NE(seen(1, tiny), seen(2, tiny));
}

TEST(Showo, ConditionOnCodesOfASmallerPicture) {
  auto model = make_model();
  Rng rng(1);
  const auto loss = require<GenerationObjective>(*model).generation_loss(
      condition({generation_image_segment(pictures(2, 3, 16)), text_segment(kTexts)}), pictures(2), rng);
  EXPECT_TRUE(at::isfinite(loss.sum).all().item<bool>());
  Rng again(1);
  EXPECT_TRUE(
      at::isfinite(require<TextObjective>(*model)
                       .text_loss(condition({generation_image_segment(pictures(2)), text_segment(kTexts)}),
                                  kTexts, again)
                       .sum)
          .all()
          .item<bool>());
}

TEST(Showo, RefusesWhatItCannotPack) {
  auto model = make_model();
  Rng rng(1);
  try {
    require<GenerationObjective>(*model).generation_loss(
        condition({text_segment(kTexts), encoded_image_segment(pictures(2), "clip")}), pictures(2), rng);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("cannot pack the condition"));
  }
  EXPECT_THROW(
      require<GenerationObjective>(*model).generation_loss(
          condition({text_segment(kTexts), text_segment(kTexts), text_segment(kTexts)}), pictures(2), rng),
      Error);
  EXPECT_THROW(require<ImageEncoder>(*model).encode_image("mar", pictures(1)), Error);
  EXPECT_THROW(make_model({{"vocabulary", std::string("/nowhere")}}), InputError);
}

TEST(Showo, GeneratesTheSamePictureAlone) {
  auto model = make_model();
  model->set_training(false);
  auto& generator = require<ImageGenerator>(*model);
  std::vector<Rng> pair = {Rng(1), Rng(2)}, single = {Rng(2)};
  const auto options = sampling({{"steps", int64_t{5}}, {"guidance_scale", 1.5}, {"temperature", 3.0}});
  const Tensor both = generator.generate(condition({text_segment(kTexts)}), options, pair);
  ASSERT_EQ(both.sizes(), (std::vector<int64_t>{2, 3, 32, 32}));
  EXPECT_LE(both.abs().max().item<float>(), 1);
  const Tensor alone = generator.generate(condition({text_segment({kTexts[1]})}), options, single);
  EXPECT_TRUE(at::allclose(alone[0], both[1], 1e-4, 1e-5));
}

TEST(Showo, GeneratesFromEveryKindOfCondition) {
  auto model = make_model();
  auto& generator = require<ImageGenerator>(*model);
  const auto options = sampling({{"steps", int64_t{2}}});
  for (const Condition& prompt :
       {condition({}), condition({encoded_image_segment(pictures(2), "clip"), text_segment(kTexts)}),
        condition({generation_image_segment(pictures(2, 3, 16)), text_segment(kTexts)})}) {
    std::vector<Rng> rngs = {Rng(1), Rng(2)};
    EXPECT_EQ(generator.generate(prompt, options, rngs).size(0), 2);
  }
}

TEST(Showo, AnswersDoNotDependOnNeighbours) {
  auto model = make_model({{"head", std::string("untied")}});
  {
    const at::NoGradGuard no_gradient;  // weights large enough for answers that differ
    for (auto& parameter : model->parameters())
      if (parameter.component == "model" && parameter.value.dim() == 2) parameter.value.mul_(15);
  }
  auto& generator = require<TextGenerator>(*model);
  const std::vector<std::string> questions = {"what?", "describe the red circle"};
  const auto answers =
      generator.answer(condition({encoded_image_segment(pictures(2), "clip"), text_segment(questions)}), 5);
  ASSERT_EQ(answers.size(), 2u);
  for (int64_t b = 0; b < 2; ++b) {
    const auto question = questions[static_cast<size_t>(b)];
    const Condition alone =
        condition({encoded_image_segment(pictures(2).slice(0, b, b + 1), "clip"), text_segment({question})});
    EXPECT_EQ(generator.answer(alone, 5)[0], answers[static_cast<size_t>(b)]);
  }
  EXPECT_FALSE(answers[0].empty() && answers[1].empty());
  EXPECT_THROW(generator.answer({}, 5), Error);
}

TEST(Showo, CodecTrainsItsOwnGroupOnly) {
  auto model = make_model();
  auto& codec = require<ImageCodec>(*model);
  Rng rng(1);
  const auto loss = codec.codec_loss(pictures(2), rng);
  EXPECT_EQ(loss.sum.size(0), 2);
  loss.mean().backward();
  EXPECT_THAT(reached(*model).all, ::testing::ElementsAreArray(codec.codec_groups()));
  EXPECT_EQ(codec.round_trip(pictures(2)).sizes(), (std::vector<int64_t>{2, 3, 32, 32}));
}

TEST(Showo, EncoderResizesItsInput) {
  auto model = make_model();
  auto& encoder = require<ImageEncoder>(*model);
  const auto info = encoder.image_encoders().front();
  EXPECT_EQ(encoder.encode_image(info.name, pictures(2, 1, 64)).sizes(),
            (std::vector<int64_t>{2, info.num_tokens, 96}));
}

TEST(Showo, FreshWeightsDependOnTheSeedAlone) {
  auto first = make_model(), again = make_model();
  const auto a = first->parameters(), b = again->parameters();
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(at::equal(a[i].value, b[i].value)) << a[i].name;
}

TEST(Showo, OfficialFilesGoOutAndComeBack) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("umm_official_" + std::to_string(getpid()));
  auto saved = make_model(), loaded = make_model();
  loaded->initialize(8);
  require<OfficialWeights>(*saved).save_official(folder.string());
  const auto config = nlohmann::json::parse(std::ifstream(folder / "config.json"));
  for (const auto& parameter : saved->parameters()) {
    if (parameter.name != "showo.model.embed_tokens.weight") continue;
    EXPECT_EQ(config.at("vocab_size").get<int64_t>(), parameter.value.size(0));
  }

  WeightLoader loader;
  require<OfficialWeights>(*loaded).load_official("model", folder.string(), loader);
  ASSERT_THAT(loader.problems(), ::testing::ElementsAre());
  loader.copy();
  const auto expected = saved->parameters(), found = loaded->parameters();
  for (size_t i = 0; i < expected.size(); ++i) {
    if (expected[i].component != "model") continue;
    EXPECT_TRUE(found[i].value.equal(expected[i].value)) << expected[i].name;
  }

  // Another component's files do not fit, and a folder without any is named.
  WeightLoader misfit;
  require<OfficialWeights>(*loaded).load_official("image_tokenizer", folder.string(), misfit);
  EXPECT_GT(misfit.problems().size(), 10U);
  fs::remove_all(folder);
  WeightLoader missing;
  require<OfficialWeights>(*loaded).load_official("model", folder.string(), missing);
  EXPECT_THAT(missing.problems(), ::testing::ElementsAre(::testing::HasSubstr("pytorch_model.bin")));
}

}  // namespace
}  // namespace umm
