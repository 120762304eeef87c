// Captions of datasets that keep a text beside each picture.
#pragma once

#include <string>

#include "umm/batch.h"
#include "umm/options.h"
#include "umm/version.h"

namespace umm::image {

class UMM_API CaptionReader {
 public:
  // Adds the options `caption_key`, `without_caption` and `question`.
  static OptionSchema& declare(OptionSchema& schema);

  explicit CaptionReader(const Options& options);

  // The caption in the bytes of a text, or of a JSON object under `caption_key`; "" where that is empty or
  // null. `place` names the file or member in messages. Throws InputError where it cannot be read.
  std::string in_text(std::string bytes, const std::string& place) const;
  std::string in_json(const std::string& bytes, const std::string& place) const;

  // Throws InputError where a picture must have a caption. For pictures that are known to have none.
  void expect_none_needed(const std::string& place) const;

  // Sets caption, and question and answer if a question is asked. `name`: the picture's own, without
  // extension; it stands in for an empty caption where the options say so.
  void fill(Sample& sample, std::string caption, const std::string& name, const std::string& place) const;

 private:
  std::string key_, without_caption_, question_;
};

}  // namespace umm::image
