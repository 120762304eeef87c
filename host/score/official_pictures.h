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

// Looks for `images_per_prompt` pictures of each item, in linked folders too. A file may be a .png, .jpg,
// .jpeg or .webp; numbers in names of files and folders may have other leading zeros. Files that layouts have
// beside the pictures are no extra ones: those in a folder beside the one that is asked for (another
// language's), or above it (a grid of all samples), and those that are named after a picture with a word
// behind it ("<key>_SRCIMG"). `output`: the database's folder, which stored paths start from. InputError
// where `folder` is none, two files are the same picture of a prompt, or one is that of two prompts.
OfficialPictures find_official_pictures(const Benchmark& benchmark, const std::filesystem::path& folder,
                                        const std::filesystem::path& output);

// SHA-256 over what each is a picture of, and the contents of the files.
std::string hash_of(const std::vector<SubmittedPicture>& pictures);

}  // namespace umm
