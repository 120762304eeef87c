// Pictures written where a benchmark's own scorer looks for them (Evaluator::official_picture), for scoring
// elsewhere.
#pragma once

#include <filesystem>

#include "evaluate/benchmark.h"
#include "umm/tensor.h"

namespace umm {

// How many pictures of each prompt where nobody says: 4, or 1 where the layout has a place for one alone.
int64_t usual_images_per_prompt(const Benchmark& benchmark);

// InputError where a prompt edits a picture, its name cannot be a file's, or the layout has no place for
// `images_per_prompt` pictures of it.
void check_can_be_drawn(const Benchmark& benchmark);

// All files of the prompt are there; they are written whole, one after the other.
bool has_official_files(const Benchmark& benchmark, const std::filesystem::path& folder,
                        const EvaluationItem& item);

// pictures: [images_per_prompt, 3, H, W] in [-1, 1], on the CPU. A file of several is their grid, with black
// where it has more cells. A prompt with a folder of its own has its record there, metadata.jsonl.
void write_official_files(const Benchmark& benchmark, const std::filesystem::path& folder,
                          const EvaluationItem& item, const Tensor& pictures);

}  // namespace umm
