// Pictures with captions in tar shards, the layout of the WebDataset tools: members that share their name up
// to the first dot are a sample, 0007.jpg with 0007.txt or 0007.json.
// Where each member lies is found out once, when the data is opened; a sample is then read from there.
#include <optional>
#include <string>
#include <vector>

#include "image/caption.h"
#include "image/square_fit.h"
#include "images/picture_file.h"
#include "positioned_file.h"
#include "shard.h"
#include "shard_names.h"
#include "umm/umm.h"

namespace umm::webdataset {
namespace {

struct Shard {
  std::string path;
  int64_t num_bytes = 0;  // when it was opened
};

struct Place {
  size_t shard = 0;
  StoredSample stored;
};

std::string member_place(const Shard& shard, const std::string& key, const std::string& extension) {
  return shard.path + ": member `" + key + "." + extension + "`";
}

class WebDataset final : public Dataset {
 public:
  explicit WebDataset(const Options& options) : captions_(options), fit_(options) {
    const bool skips = options.text("without_picture") == "skip";
    for (const std::string& path : shard_paths(options.text("shards"), options.text("names")))
      add_shard(path, skips);
    UMM_CHECK_INPUT(!samples_.empty(), "dataset webdataset: expected pictures (png, jpg, jpeg, webp) in ",
                    options.text("shards"), ", found none in ", shards_.size(), " shards");
  }

  std::optional<int64_t> size() const override { return static_cast<int64_t>(samples_.size()); }

  Sample sample(int64_t index) const override {
    UMM_CHECK(index >= 0 && index < *size(), "sample ", index, " of shards with ", *size(), " samples");
    const auto& [number, stored] = samples_[static_cast<size_t>(index)];
    const Shard& shard = shards_[number];
    // Opened for each sample: nothing is shared between threads, and shards may outnumber the files that a
    // process may hold open.
    const PositionedFile file(shard.path);
    UMM_CHECK_INPUT(file.num_bytes() == shard.num_bytes, shard.path, ": expected ", shard.num_bytes,
                    " bytes as when the data was opened, found ", file.num_bytes(),
                    "; a shard must stay as it is while it is read: start again");
    const std::string place = member_place(shard, stored.key, stored.picture_extension);
    Sample sample;
    sample.image = fit_.pixels(images::decode_picture(bytes_of(file, stored.picture, place), place), place);
    captions_.fill(sample, caption_of(file, shard, stored), stored.key.substr(stored.key.rfind('/') + 1),
                   place);
    return sample;
  }

 private:
  void add_shard(const std::string& path, bool skips) {
    const PositionedFile file(path);
    for (StoredSample& stored : read_shard(file, path, skips)) {
      if (!stored.text.exists() && !stored.json.exists())
        captions_.expect_none_needed(path + ": member `" + stored.key + "." + stored.picture_extension + "`");
      samples_.push_back({.shard = shards_.size(), .stored = std::move(stored)});
    }
    shards_.push_back({.path = path, .num_bytes = file.num_bytes()});
  }

  static std::vector<uint8_t> bytes_of(const PositionedFile& file, const Extent& extent,
                                       const std::string& place) {
    return file.read(extent.offset, extent.num_bytes, place);
  }

  std::string caption_of(const PositionedFile& file, const Shard& shard, const StoredSample& stored) const {
    if (!stored.text.exists() && !stored.json.exists()) return "";
    const bool is_text = stored.text.exists();
    const std::string place = member_place(shard, stored.key, is_text ? "txt" : "json");
    const auto bytes = bytes_of(file, is_text ? stored.text : stored.json, place);
    const std::string characters(bytes.begin(), bytes.end());
    return is_text ? captions_.in_text(characters, place) : captions_.in_json(characters, place);
  }

  image::CaptionReader captions_;
  image::SquareFit fit_;
  std::vector<Shard> shards_;
  std::vector<Place> samples_;
};

OptionSchema schema() {
  OptionSchema schema;
  schema.path("shards", "", "a .tar file, or a folder of them")
      .text("names", "", "shards of the folder to read, e.g. data-{00000..00012}.tar; empty: all .tar files")
      .choice("without_picture", "refuse", {"refuse", "skip"},
              "members that share a key and are no picture: refuse the shard, or skip them");
  image::SquareFit::declare(schema);
  image::CaptionReader::declare(schema);
  return schema;
}

void register_plugins(Registry& registry) {
  registry.add(
      {.kind = PluginKind::dataset,
       .id = "webdataset",
       .doc = "Pictures with captions in tar shards, as the WebDataset tools write them.",
       .options = schema(),
       .make_dataset = [](const Options& options) { return std::make_unique<WebDataset>(options); }});
}

}  // namespace
}  // namespace umm::webdataset

UMM_PLUGIN(umm::webdataset::register_plugins)
