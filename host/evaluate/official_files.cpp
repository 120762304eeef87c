#include "evaluate/official_files.h"

#include <ATen/ATen.h>

#include <map>

#include "evaluate/generate.h"
#include "train/files.h"
#include "umm/error.h"

namespace umm {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kUsual = 4;

OfficialPicture place(const Benchmark& benchmark, const EvaluationItem& item, int64_t image) {
  return benchmark.evaluator->official_picture(item, image, benchmark.images_per_prompt);
}

// Several have other names than one: the scorer knows the one.
bool has_place_for(const Benchmark& benchmark, int64_t images_per_prompt) {
  const EvaluationItem& item = benchmark.items.at(0);
  return benchmark.evaluator->official_picture(item, 0, images_per_prompt).stem ==
         benchmark.evaluator->official_picture(item, 0, 1).stem;
}

fs::path file_of(const fs::path& folder, const std::string& stem) {
  return folder / (stem + ".png");
}

}  // namespace

int64_t usual_images_per_prompt(const Benchmark& benchmark) {
  return has_place_for(benchmark, kUsual) ? kUsual : 1;
}

void check_can_be_drawn(const Benchmark& benchmark) {
  expect_drawable(benchmark.name, benchmark.items);
  UMM_CHECK_INPUT(has_place_for(benchmark, benchmark.images_per_prompt), benchmark.name,
                  ": its layout has a place for one picture of each prompt, found ",
                  benchmark.images_per_prompt, ": say --images 1, or a protocol with as many");
}

bool has_official_files(const Benchmark& benchmark, const fs::path& folder, const EvaluationItem& item) {
  for (int64_t image = 0; image < benchmark.images_per_prompt; ++image)
    if (!fs::exists(file_of(folder, place(benchmark, item, image).stem))) return false;
  return true;
}

void write_official_files(const Benchmark& benchmark, const fs::path& folder, const EvaluationItem& item,
                          const Tensor& pictures) {
  const int64_t height = pictures.size(2), width = pictures.size(3);
  std::map<std::string, Tensor> files;  // [3, grid x H, grid x W] by stem
  for (int64_t image = 0; image < benchmark.images_per_prompt; ++image) {
    const OfficialPicture at = place(benchmark, item, image);
    Tensor& whole = files[at.stem];
    if (!whole.defined()) whole = at::full({3, at.grid * height, at.grid * width}, -1.0);
    whole.narrow(1, at.cell / at.grid * height, height)
        .narrow(2, at.cell % at.grid * width, width)
        .copy_(pictures[image]);
  }
  if (files.begin()->first.starts_with(item.id + "/")) {
    make_folders(folder / item.id);
    write_text_file(folder / item.id / "metadata.jsonl", item.metadata + "\n");
  }
  for (const auto& [stem, whole] : files) {
    make_folders(file_of(folder, stem).parent_path());
    write_png(file_of(folder, stem).string(), image_from_tensor(whole));
  }
}

}  // namespace umm
