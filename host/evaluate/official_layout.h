// Prompts and picture files as the official scorers of other benchmarks read them, for scoring elsewhere.
// geneval  PROMPTS: JSON lines with "prompt"             FOLDER/00017/samples/00000.png,
// FOLDER/00017/metadata.jsonl   dpg      PROMPTS: {"<id>.txt": prompt, ...}            FOLDER/<id>.png, the
// prompt's pictures as a grid of 2 x 2   wise     PROMPTS: [{"prompt_id": 1, "Prompt": ...}]
// FOLDER/<prompt_id>.png Sources: djghosh13/geneval, TencentQQGYLab/ELLA (dpg_bench), PKU-YuanGroup/WISE.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "umm/evaluator.h"
#include "umm/tensor.h"

namespace umm {

enum class OfficialLayout { geneval, dpg, wise };

// "geneval", "dpg", "wise"; InputError on other names.
OfficialLayout official_layout(const std::string& name);

// Pictures of each prompt that its scorer expects.
int64_t default_images_per_prompt(OfficialLayout layout);

// InputError where the layout has no place for so many: dpg takes 1 or 4, wise 1.
void check_images_per_prompt(OfficialLayout layout, int64_t images_per_prompt);

// InputError naming file and entry.
std::vector<EvaluationItem> read_official_prompts(OfficialLayout layout, const std::filesystem::path& file);

// All files of the prompt are there; they are written whole, one after the other.
bool has_pictures(OfficialLayout layout, const std::filesystem::path& folder, const EvaluationItem& item,
                  int64_t images_per_prompt);

// pictures: [N, 3, H, W] in [-1, 1], on the CPU.
void write_pictures(OfficialLayout layout, const std::filesystem::path& folder, const EvaluationItem& item,
                    const Tensor& pictures);

}  // namespace umm
