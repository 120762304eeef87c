// Pictures of the same prompts, side by side: one line per prompt, one column per row of the table, as one
// PNG.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "results/store.h"

namespace umm::results {

struct SheetColumn {
  std::string label;
  std::vector<std::string> image_paths;  // PNG files, one per line of the sheet; "": none
};

struct ContactSheet {
  struct Line {
    std::string tag, prompt;
  };
  std::vector<Line> lines;
  std::vector<SheetColumn> columns;
};

// Small pictures are enlarged by whole factors, large ones reduced; one that cannot be read is told in its
// place. The file replaces an older one at once. StoreError: the sheet cannot be written.
void write_contact_sheet(const ContactSheet& sheet, const std::string& path);

// The first prompts of each tag, each with its first picture, under the sweep's first protocol. Of several
// seeds the first is shown. Returns false, and writes nothing, where nothing was evaluated yet.
bool contact_sheet_for(const Store& store, const std::string& sweep, const std::string& path,
                       int64_t prompts_per_tag = 2);

}  // namespace umm::results
