// A table with the comment that says what it was made from, and whether it would be made so again.
#pragma once

#include <string>
#include <vector>

#include "results/recipe_table.h"

namespace umm {

struct TableRequest {
  std::string recipe;    // path
  std::string database;  // path; "": nothing is measured
  results::RecipeFormat format = results::RecipeFormat::kText;
  std::string output = {};  // path; the comment's paths start at its folder; "": at the current one
};

// Throws InputError.
std::string make_table(const TableRequest& request);

const std::vector<std::string>& recipe_formats();
results::RecipeFormat recipe_format(const std::string& name);

// "-" lines of the file that would be gone and "+" lines that would be new, were it made again from what its
// comment names; empty: none. InputError where the file has no such comment or what it names is gone.
std::vector<std::string> table_drift(const std::string& path);

}  // namespace umm
