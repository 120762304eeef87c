// The evidence of one evaluation in columns. As JSON, with pictures counted over all prompts in their order:
//   count    pictures of each prompt; one number where all have the same
//   number   of each picture among its prompt's; absent: 0, 1, ... everywhere
//   score    of each picture, null: it has none; a text of 0, 1 and - where it is nothing else
//   status   number of a picture that has no score -> why: "refused"
//   reason   of each picture, its place in the page's list of reasons
//   found    how many detections of each picture follow in
//   boxes    label (its place in the page's list), score in percent, x1, y1, x2, y2, for each detection
//   said     how many replies of each picture follow in
//   replies  for each the places of its head and text in the page's lists (replies.h); absent: none
//   more     detections or replies of each picture that are left out; absent: none
//   path     [before the item, between item and number, digits of the number, behind it], or a list of paths
//   there    which pictures lie beside the page, a text of 0 and 1
//   size     [width, height] of the first of them
//   small    number of a picture -> data address
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "results/report/replies.h"
#include "results/store.h"

namespace umm::results {

class EvidenceColumns {
 public:
  // `items`: of the page, in order; evidence of other items is left out.
  EvidenceColumns(const std::vector<ItemRow>& items, const std::vector<EvidenceRow>& evidence,
                  TextList& reasons, TextList& labels, ReplyLists& replies);

  // Looks which pictures are there.
  void find_pictures(const std::filesystem::path& folder);
  // The place of a prompt's picture among all; -1: it has none of this number, or its file is not there.
  int64_t picture(size_t item, int64_t index) const;
  int64_t end_of_numbers() const;  // behind the largest of any prompt
  std::filesystem::path file(int64_t picture) const;
  void add_small(int64_t picture, std::string address) {
    small_[std::to_string(picture)] = std::move(address);
  }

  nlohmann::json json(size_t most_detections) const;
  // Of each prompt, over its pictures that have a score; not a number: none has.
  const std::vector<double>& means() const { return means_; }
  bool only_right_or_wrong() const;  // no score but 0 and 1

 private:
  struct Detection {
    int64_t label, percent, x1, y1, x2, y2;
  };
  struct Picture {
    size_t item;
    std::optional<double> score;
    std::string status;  // why it has no score
    int64_t reason;
    std::vector<Detection> detections;  // best first
    std::vector<Reply> replies;
    std::string path;
    int64_t index;
    bool there = false;
  };
  void take(Picture& picture, const std::string& evidence, TextList& labels, ReplyLists& replies);
  nlohmann::json paths() const;
  nlohmann::json numbers() const;  // null: as they come
  nlohmann::json scores() const;

  std::vector<std::string> items_;  // item_id
  std::vector<Picture> pictures_;   // by item
  std::vector<int64_t> first_;      // of each item's pictures; one more at the end
  std::vector<double> means_;
  std::filesystem::path folder_;
  nlohmann::json size_, small_;
};

}  // namespace umm::results
