// The pictures of one evaluation on disk, in GenEval's own layout:
//   <output>/images/<first 16 digits of the identity>/
//     generation.json            whole identity, and what making the pictures has cost so far
//     evaluated.json             once it is scored: which journal holds it
//     00017/metadata.jsonl       the prompt's record
//     00017/samples/00000.png    one picture for each sample of the prompt
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "evaluate/generate.h"
#include "results/store.h"
#include "umm/evaluator.h"

namespace umm {

std::filesystem::path image_folder(const std::filesystem::path& output,
                                   const std::string& evaluation_identity);

// Whether the evaluation is done and in the journal that `evaluated.json` beside the pictures names.
bool is_evaluated(const std::filesystem::path& output, const std::string& evaluation_identity);
void mark_evaluated(const std::filesystem::path& output, const std::string& evaluation_identity,
                    const std::filesystem::path& attempt_folder);

class ImageFolder {
 public:
  // Makes folders and records. InputError where the folder belongs to another evaluation. [of drawable items]
  ImageFolder(std::filesystem::path output, const std::string& identity,
              const std::vector<EvaluationItem>& items, int64_t images_per_prompt);

  std::vector<ImageSlot> slots() const;

  // Those without a picture that can be read; a damaged file is reported and counts as missing.
  std::vector<ImageSlot> missing() const;

  std::filesystem::path file(const ImageSlot& slot) const;
  std::string relative_path(const ImageSlot& slot) const;  // to the output folder

  // Kept beside the pictures, so that an interrupted generation loses neither pictures nor their cost.
  void add_cost(const results::CostRow& cost);
  const results::CostRow& cost() const { return cost_; }

 private:
  void read_manifest(const std::string& identity);
  void write_manifest() const;

  std::filesystem::path output_, folder_;
  std::string identity_;
  const std::vector<EvaluationItem>& items_;
  int64_t images_per_prompt_;
  results::CostRow cost_;
};

}  // namespace umm
