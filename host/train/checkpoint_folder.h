// A model checkpoint: a folder with one `<component>.safetensors` for each component of
// Architecture::parameters(), and a manifest, checkpoint.json:
//   {"format": 1, "stage": identity, "seed": n, "updates": n,
//    "components": {"model": {"file": "model.safetensors", "sha256": "..."},
//                   "tokenizer": {"file": "../../../base/tokenizer.safetensors", "sha256": "..."}}}
// A component without a trained parameter is not copied: its file in the earlier folder is named, relative to
// this one. A folder without a manifest (a published base) holds all of its files itself: for each component
// a file of the harness's own, or a folder of its name with the official files (OfficialWeights).
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "umm/architecture.h"

namespace umm {

struct CheckpointFile {
  std::string component;
  std::filesystem::path path;
  std::string sha256;  // "" in a folder without a manifest

  bool is_official() const { return std::filesystem::is_directory(path); }
};

struct Checkpoint {
  std::filesystem::path folder;
  std::vector<CheckpointFile> files;  // in the order of their components' names
  std::string stage_identity;         // "" in a folder without a manifest, as are the next two
  uint64_t seed = 0;
  int64_t updates = 0;

  const CheckpointFile* find(const std::string& component) const;  // nullptr: not in the folder
};

// Where the stage of this identity lives: its finished checkpoint is the folder `last` in it.
std::filesystem::path stage_folder(const std::filesystem::path& output, const std::string& identity);

// Reads names and hashes, no tensors. InputError names folder or manifest and what is wrong with it.
Checkpoint read_checkpoint(const std::filesystem::path& folder);

// SHA-256 over components and the hashes of their files; reads the files where there is no manifest.
std::string content_hash(const Checkpoint& checkpoint);

// Copies every tensor into the model, converted to its dtype and device. All that is missing, unexpected or
// of another shape or kind of number is listed in one InputError; the model is untouched then.
void load_weights(Architecture& model, const Checkpoint& checkpoint);

struct CheckpointContent {
  std::string stage_identity;
  uint64_t seed = 0;
  int64_t updates = 0;
  std::vector<Parameter> trained;       // their values are what is stored
  const Checkpoint* earlier = nullptr;  // gives all other tensors their bytes; nullptr: the model does
  std::map<std::string, std::string> text_files;  // further files: name -> text
};

// Complete or absent. Throws Error if the folder exists.
void save_checkpoint(const std::filesystem::path& folder, Architecture& model,
                     const CheckpointContent& content);

}  // namespace umm
