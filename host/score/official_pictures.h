// Pictures in the folder layout of a benchmark's own scorer, made by whatever program.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "evaluate/collect.h"

namespace umm {

struct OfficialPictures {
  std::vector<SubmittedPicture> found = {};
  std::vector<std::string> missing = {};  // where each was looked for
  std::vector<std::string> extra = {};    // picture files that no prompt asks for
};

// Looks for `images_per_prompt` pictures of each item. A file may be a .png, .jpg, .jpeg or .webp; a name of
// digits may have other leading zeros. InputError where `folder` is none, or two files are the same picture.
OfficialPictures find_official_pictures(const Benchmark& benchmark, const std::filesystem::path& folder);

// SHA-256 over what each is a picture of, and the contents of the files.
std::string hash_of(const std::vector<SubmittedPicture>& pictures);

}  // namespace umm
