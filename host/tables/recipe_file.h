// Reads a table recipe (docs/tables.md): TOML with the place of everything in it. results/recipe.h has what
// it says.
//
// Rationale: results must not know the host, and the host has the reader that shows the line of a mistake. So
// recipes are parsed here, and results gets plain structs in which each row and column carries its place.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "results/recipe.h"

namespace umm {

struct RecipeFile {
  std::string path, text;
  results::Recipe recipe;
  std::vector<std::filesystem::path> reported;  // files of reported values
};

// Throws SpecError with all that is wrong, InputError where `path` cannot be read.
RecipeFile read_recipe(const std::string& path);

}  // namespace umm
