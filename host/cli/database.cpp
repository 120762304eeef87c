#include "cli/database.h"

#include <filesystem>

#include "results/run_folder.h"
#include "umm/error.h"

namespace umm::cli {

std::string database_of(const std::string& place) {
  namespace fs = std::filesystem;
  const fs::path file = fs::is_directory(place) ? results::database_file(place) : fs::path(place);
  UMM_CHECK_INPUT(
      fs::is_regular_file(file), file.string(),
      ": expected a database or an output folder, found nothing; `ummbench run SPEC` makes one, and "
      "`ummbench db ingest FOLDER` makes it again from journals");
  return file.string();
}

}  // namespace umm::cli
