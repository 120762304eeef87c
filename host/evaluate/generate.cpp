#include "evaluate/generate.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>

#include "loader/guard.h"
#include "umm/error.h"

namespace umm {

void expect_drawable(const std::string& evaluation, const std::vector<EvaluationItem>& items) {
  for (const auto& item : items) {
    UMM_CHECK_INPUT(
        item.source_picture.empty(), evaluation, ": item ", item.id, " asks for an edit of ",
        item.source_picture,
        "; no architecture here can edit pictures yet. Edits that were made elsewhere are scored by "
        "`ummbench score`");
    UMM_CHECK_INPUT(!item.id.empty() && item.id.find_first_of("/\\.") == std::string::npos, evaluation,
                    ": a prompt is named \"", item.id,
                    "\"; expected a name that a folder can have, without / \\ and .");
  }
}

void expect_evaluable(const std::string& evaluation, const std::vector<EvaluationItem>& items) {
  expect_drawable(evaluation, items);
  for (const auto& item : items)
    UMM_CHECK_INPUT(!item.draw_only, evaluation, ": item ", item.id,
                    " can be drawn and not scored, as an option of the evaluator lets pass: draw_only is for "
                    "`ummbench generate`");
}

Tensor generate_pictures(ImageGenerator& generator, const GenerationSettings& settings,
                         const std::vector<EvaluationItem>& items, std::span<const ImageSlot> slots) {
  const at::NoGradGuard no_gradient;
  std::vector<std::string> prompts;
  std::vector<Rng> rngs;
  for (const auto& slot : slots) {
    const auto& item = items[slot.item];
    prompts.push_back(item.prompt);
    rngs.push_back(Rng(settings.seed).fork(item.id).fork("image", static_cast<uint64_t>(slot.image)));
  }
  const Tensor pictures =
      guarded(named(PluginKind::architecture, settings.architecture), "drawing pictures",
              [&] { return generator.generate({{text_segment(prompts)}}, settings.sampling, rngs); });
  expect_shape(pictures, {static_cast<int64_t>(slots.size()), 3, -1, -1},
               "generated pictures");  // [B, 3, H, W]
  return pictures.to(at::kCPU, at::kFloat);
}

}  // namespace umm
