// The smallest plugin of each kind that keeps every promise. A fault inherits one and breaks a promise.
// B samples, C channels
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "umm/umm.h"

namespace umm::testing {

// Linear layers over the patches of 8 x 8 pictures and over the letters of words.
class ToyArchitecture : public Architecture,
                        public ImageEncoder,
                        public GenerationObjective,
                        public TextObjective,
                        public ImageGenerator,
                        public TextGenerator,
                        public ImageCodec {
 public:
  static constexpr int64_t kSide = 8, kPixels = 3 * kSide * kSide, kTokens = 4, kWidth = 4, kLetters = 16;

  ToyArchitecture();

  int64_t image_size() const override { return kSide; }
  std::vector<ParameterGroup> parameter_groups() const override;
  std::vector<Parameter> parameters() override;
  void initialize(uint64_t seed) override;
  void set_training(bool) override {}

  std::vector<ImageEncoderInfo> image_encoders() const override { return {{"patches", kSide, kTokens}}; }
  Tensor encode_image(const std::string& encoder, const Tensor& images) override;
  TokenLoss generation_loss(const Condition& condition, const Tensor& target_images, Rng& rng) override;
  TokenLoss text_loss(const Condition& prompt, const std::vector<std::string>& targets, Rng& rng) override;
  Tensor generate(const Condition& condition, const Options& sampling, std::span<Rng> rngs) override;
  std::vector<std::string> answer(const Condition& prompt, int64_t max_tokens) override;
  Tensor round_trip(const Tensor& images) override;
  TokenLoss codec_loss(const Tensor& images, Rng& rng) override;
  std::vector<std::string> codec_groups() const override { return {"codec"}; }

 protected:
  Tensor letters_of(const std::vector<std::string>& texts) const;                   // [B, kLetters], shares
  Tensor context(const Condition& condition, int64_t num_samples, const Rng* rng);  // [B, C]

  Tensor patches_;                            // group "encoder", which words alone do not reach
  Tensor words_, hidden_, pixels_, letters_;  // group "decoder"
  Tensor squeeze_, unfold_;                   // group "codec", frozen by default
};

// Trains a picture from its caption.
class ToyMethod : public Method {
 public:
  std::vector<Flow> flows() const override { return {{"t2i", "captions and their pictures"}}; }
  std::vector<LossTerm> loss(Architecture& model, const std::map<std::string, Batch>& batches,
                             Rng& rng) override;
};

class ToyDataset : public Dataset {
 public:
  static constexpr int64_t kSize = 4;
  std::optional<int64_t> size() const override { return kSize; }
  Sample sample(int64_t index) const override;
};

class ToyPromptSet : public PromptSet {
 public:
  std::vector<std::string> records() const override { return {R"({"one"})", R"({"two"})"}; }
};

// Sees one object, in the upper left quarter of every picture.
class ToyDetector : public ObjectDetector {
 public:
  std::string version() const override { return "1"; }
  std::vector<Detection> detect(const Image& image) override;
  std::vector<double> color_scores(const Image&, const Detection&,
                                   const std::vector<std::string>& colors) override;
};

// Says no to every question.
class ToyAnswerer : public QuestionAnswerer {
 public:
  std::string version() const override { return "1"; }
  std::vector<Answer> answer(const Image&, const std::vector<std::string>& questions) override;
};

// Gives all the same mark, one request at a time.
class ToyJudge : public Judge {
 public:
  explicit ToyJudge(const JudgeConnection&) {}
  std::string version() const override { return "1"; }
  int64_t max_parallel() const override { return 1; }
  JudgeReply ask(const JudgeRequest&) override;
};

// A record is anything in braces; a picture is worth as much as it has objects.
class ToyEvaluator : public Evaluator {
 public:
  explicit ToyEvaluator(const EvaluatorInput& input);
  std::string version() const override { return "1"; }
  std::vector<EvaluationItem> items() const override { return items_; }
  std::string collect(const EvaluationItem&, const PictureFile& picture,
                      const EvidenceProviders& providers) const override;
  ItemScore score(const EvaluationItem&, const std::string& evidence) const override;
  std::vector<NamedScore> aggregate(const std::vector<ScoredImage>& images) const override;

 private:
  std::vector<EvaluationItem> items_;
};

// Sets the factory of the kind that `Plugin` is.
template <typename Plugin>
void makes(PluginEntry& entry) {
  // `input`: what an evaluator or a judge gets besides its options.
  const auto make = [](const Options&, const auto&... input) { return std::make_unique<Plugin>(input...); };
  if constexpr (std::is_base_of_v<Architecture, Plugin>) entry.make_architecture = make;
  if constexpr (std::is_base_of_v<Method, Plugin>) entry.make_method = make;
  if constexpr (std::is_base_of_v<Dataset, Plugin>) entry.make_dataset = make;
  if constexpr (std::is_base_of_v<PromptSet, Plugin>) entry.make_prompt_set = make;
  if constexpr (std::is_base_of_v<ObjectDetector, Plugin>) entry.make_detector = make;
  if constexpr (std::is_base_of_v<QuestionAnswerer, Plugin>) entry.make_answerer = make;
  if constexpr (std::is_base_of_v<Judge, Plugin>) entry.make_judge = make;
  if constexpr (std::is_base_of_v<Evaluator, Plugin>) entry.make_evaluator = make;
}

PluginEntry toy(PluginKind kind);

inline constexpr PluginKind kKinds[] = {PluginKind::architecture, PluginKind::method,   PluginKind::dataset,
                                        PluginKind::prompt_set,   PluginKind::detector, PluginKind::answerer,
                                        PluginKind::judge,        PluginKind::evaluator};

}  // namespace umm::testing
