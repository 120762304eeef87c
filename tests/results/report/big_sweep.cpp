#include "tests/results/report/big_sweep.h"

#include <fmt/format.h>
#include <png.h>

#include <cmath>
#include <random>
#include <vector>

#include "results/report/report.h"
#include "results/store.h"
#include "tests/results/small_database.h"

namespace umm::results {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTags[] = {"single_object", "two_object", "counting",
                                 "colors",        "position",   "color_attr"};
constexpr const char* kThings[] = {"bench", "cow", "bicycle", "clock", "carrot", "apple", "umbrella", "kite"};
constexpr const char* kLabels[] = {
    "base",  "sft", "reca", "reca, w/o <b>text</b>", "sft, long", "reca, long", "harmon \"0.5B\" & more",
    "show-o"};

// Soft shapes: neither flat nor noise, so that its JPEG has a usual size.
void write_picture(const fs::path& file, int number) {
  constexpr int kSide = 256;
  std::vector<uint8_t> rgb;
  std::mt19937 random(static_cast<unsigned>(number));
  for (int y = 0; y < kSide; ++y)
    for (int x = 0; x < kSide; ++x)
      for (int channel = 0; channel < 3; ++channel)
        rgb.push_back(static_cast<uint8_t>(128 +
                                           90 * std::sin(x * 0.02 * (number % 7 + channel) + number) *
                                               std::cos(y * 0.03 * (number % 5 + 1)) +
                                           static_cast<double>(random() % 24)));
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = image.height = kSide;
  image.format = PNG_FORMAT_RGB;
  if (png_image_write_to_file(&image, file.c_str(), 0, rgb.data(), 0, nullptr) == 0)
    throw std::runtime_error("no picture " + file.string());
}

std::vector<ItemRow> items() {
  std::vector<ItemRow> items;
  for (int i = 0; i < kBigPrompts; ++i) {
    const std::string prompt = i == 1 ? kHostile
                                      : fmt::format("a photo of {} {}s and a {} to the left of them",
                                                    i % 4 + 1, kThings[i % 8], kThings[(i / 8 + 3) % 8]);
    items.push_back({fmt::format("{:05}", i), kTags[i % 6], prompt, "{}"});
  }
  return items;
}

std::vector<EvidenceRow> evidence(const std::vector<ItemRow>& items, const std::string& folder, double skill,
                                  unsigned seed) {
  std::mt19937 random(seed);
  std::vector<EvidenceRow> rows;
  for (const ItemRow& item : items) {
    for (int k = 0; k < kBigPictures; ++k) {
      std::string found;
      for (unsigned i = 0; i < 1 + random() % 5; ++i) {
        const unsigned x = random() % 150, y = random() % 150;
        found += fmt::format(R"({}{{"label":"{}","score":{:.16f},"box":[{}.25,{}.5,{}.125,{}.75]}})",
                             i == 0 ? "" : ",", kThings[random() % 8], 0.3 + random() % 700 / 1000.0, x, y,
                             x + 20 + random() % 80, y + 20 + random() % 80);
      }
      const bool right = random() % 1000 < skill * 1000;
      rows.push_back({item.item_id, k, fmt::format("{}/{}/samples/{:05}.png", folder, item.item_id, k),
                      identity_of(folder + item.item_id + std::to_string(k)),
                      "{\"detections\":[" + found + "]}", right ? 1.0 : 0.0,
                      right ? "" : fmt::format("expected {} carrots, found {}", 3, random() % 6)});
    }
  }
  return rows;
}

void put_run(Store& store, int row, int seed, const std::vector<ItemRow>& prompts, const fs::path& folder) {
  RunRow run = small_run(kLabels[row], seed);
  run.sweep = "big";
  run.reference = row == 0;
  run.identity = identity_of(fmt::format("big {} {}", row, seed));
  std::vector<StageRow> stages;
  if (row > 0)
    stages = {{identity_of(fmt::format("big stage {} {}", row, seed)), "train", "reca", "updates = 2000"}};
  store.put_run(run, stages);
  std::mt19937 random(static_cast<unsigned>(row * 10 + seed));
  for (const StageRow& stage : stages) {
    if (seed == 2)
      store.interrupt_attempt(store.begin_attempt({stage.identity}), "failed", kHostile,
                              {small_cost("train", 900)});
    std::vector<CurvePoint> curves;
    for (int update = 1; update <= 2000; update += 10) {
      const double noise = static_cast<double>(random() % 1000) / 5000;
      curves.push_back({update, "loss", 0.4 * row + 3 / std::sqrt(update * 0.05) + noise});
      curves.push_back({update, "loss/recon", 2 / std::sqrt(update * 0.05) + noise});
      curves.push_back({update, "learning_rate", 1e-4 * std::min(1.0, update / 200.0)});
      curves.push_back({update, "grad_norm", 1 + 3 * noise});
    }
    store.finish_attempt(store.begin_attempt({stage.identity}), {4000, 2000, 64000},
                         {small_cost("train", 3600.0 * (row + 1) * (1 + 0.02 * seed))}, curves);
  }
  EvaluationRow evaluation = small_evaluation(fmt::format("big {} {}", row, seed));
  const std::string pictures = "images/" + evaluation.identity.substr(0, 16);
  if (seed == 0) fs::create_directory_symlink("shared", folder / pictures);
  store.put_evaluation(run.identity, evaluation, prompts,
                       evidence(prompts, pictures, 0.35 + 0.05 * row, static_cast<unsigned>(row * 10 + seed)),
                       {}, {small_cost("generate", 1800), small_cost("score", 180)});
}

void fill(const fs::path& folder) {
  fs::create_directories(folder / "images/shared");
  const std::vector<ItemRow> prompts = items();
  for (int number = 0; number < 24; ++number)
    write_picture(folder / fmt::format("images/{}.png", number), number);
  int next = 0;
  for (const ItemRow& item : prompts) {
    fs::create_directories(folder / "images/shared" / item.item_id / "samples");
    for (int k = 0; k < kBigPictures; ++k)
      fs::create_hard_link(folder / fmt::format("images/{}.png", next++ % 24),
                           folder / "images/shared" / item.item_id / fmt::format("samples/{:05}.png", k));
  }
  Store store = Store::open(folder / "results.sqlite");
  store.put_sweep({"big", std::string("Eight rows, six seeds. ") + kHostile, "big.toml",
                   std::string("name = \"big\"\n# ") + kHostile});
  for (int row = 0; row < kBigRows; ++row)
    for (int seed = 0; seed < kBigSeeds; ++seed) put_run(store, row, seed, prompts, folder);
}

}  // namespace

fs::path big_sweep() {
  static const TemporaryFolder folder;
  static const bool filled = (fill(folder.path()), true);
  (void)filled;
  return folder.path();
}

fs::path big_report() {
  const fs::path file = big_sweep() / "report.html";
  if (fs::exists(file)) return file;
  const Store store = Store::open_read_only(big_sweep() / "results.sqlite");
  write_page(report_page(store, {.sweep = "big", .program_version = "0.1.0", .page_folder = big_sweep()}),
             file);
  return file;
}

}  // namespace umm::results
