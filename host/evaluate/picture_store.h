// Pictures by what they were drawn from, so that a change of rules, detector or protocol that leaves the
// drawing alone does not draw them again.
#pragma once

#include <filesystem>
#include <string>

#include "evaluate/generate.h"
#include "umm/image.h"

namespace umm {

// `<output>/pictures/<first two digits>/<SHA-256>.png`; evaluations hold hard links to these files.
class PictureStore {
 public:
  // `drawing`: everything but prompt, picture and seed that a picture depends on: checkpoint, weights,
  // architecture with its library and options, sampling.
  PictureStore(std::filesystem::path output, std::string drawing, uint64_t seed);

  // Puts a picture that was drawn before in the place of `file`. False: there is none that can be read.
  bool fetch(const EvaluationItem& item, int64_t image, const std::filesystem::path& file) const;

  // Keeps a picture that was drawn now, and puts it in the place of `file`. Where the file system has no hard
  // links it is there alone.
  void write(const EvaluationItem& item, int64_t image, const Image& picture,
             const std::filesystem::path& file) const;

 private:
  std::filesystem::path place(const EvaluationItem& item, int64_t image) const;

  std::filesystem::path output_;
  std::string drawing_;
};

}  // namespace umm
