// A sweep as a folder that holds all that a reader needs to look at it and to run it again (docs/bundle.md):
//   MANIFEST.json   versions, plugins, inputs, and the SHA-256 of each file
//   results.sqlite  the database, of this sweep alone
//   spec/           its spec as it was submitted, what that extends, protocols, and what lies beside them
//   inputs/         small inputs from elsewhere, by content
//   recipes/        recipes of tables from elsewhere
//   images/         pictures, where they are asked for
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "bundle/manifest.h"

namespace umm {

constexpr int64_t kInputBytes = int64_t{16} << 20;

struct BundleRequest {
  std::filesystem::path database;
  std::string sweep;                      // "": the database has one only
  std::vector<std::string> recipes = {};  // besides those that [report] of the spec names
  int64_t input_bytes = kInputBytes;      // larger files and folders that runs read stay out
  bool images = false;
  std::string program_version = {};
};

// Fills `folder`, which is empty. Throws InputError.
BundleManifest lay_out_bundle(const BundleRequest& request, const std::filesystem::path& folder);

// As an archive of this name. It must not exist.
BundleManifest make_bundle(const BundleRequest& request, const std::filesystem::path& archive);

// Unpacks below `folder`, which is empty, and checks every file. `largest`: bytes of all files together.
BundleManifest open_bundle(const std::filesystem::path& archive, const std::filesystem::path& folder,
                           int64_t largest);

}  // namespace umm
