// What a bundle says of itself: MANIFEST.json, its first file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "results/submission.h"

namespace umm {

inline constexpr const char* kManifestName = "MANIFEST.json";
inline constexpr const char* kBundleDatabase = "results.sqlite";

struct BundleFile {
  std::string name;
  int64_t bytes = 0;
  std::string sha256;
};

// A file or folder that runs of the sweep read.
struct BundleInput {
  std::string path;          // as the spec resolved it
  std::string content_hash;  // then
  std::string place;         // in the bundle; "": it is not there
};

struct BundleManifest {
  std::string program_version;                    // of the ummbench that made the bundle
  int64_t schema_version = 0;                     // of the database in it
  std::string sweep, spec;                        // its name, and its file in the bundle
  std::map<std::string, std::string> spec_files;  // spec, what it extends, protocols: path there -> name here
  std::vector<std::string> recipes;               // names in the bundle
  results::Submission submitted;                  // versions and --set; the database has the rest
  std::vector<results::RunPlugin> plugins;        // of all runs, each once
  std::vector<BundleInput> inputs;                // of all runs, each once
  std::vector<BundleFile> files;                  // all but the manifest, in order
  std::vector<std::string> left_out = {};         // and why, for whoever makes it: not in the file
};

std::string to_text(const BundleManifest& manifest);

// InputError: it is none, of another format, or one of its names leads out of the bundle. `file` is for
// messages.
BundleManifest manifest_from_text(const std::string& text, const std::string& file);

// Holds the files below `folder` against the manifest there. InputError names the first that is missing, has
// other bytes, or that no manifest knows.
BundleManifest read_bundle_folder(const std::filesystem::path& folder);

}  // namespace umm
