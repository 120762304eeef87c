// Pictures as a judge is sent them.
#pragma once

#include <string>
#include <string_view>

#include "umm/evaluator.h"

namespace umm::evaluators {

// The file's bytes as they are, of the media type that they are; a PNG of the pixels where it has none.
JudgePart as_file(const PictureFile& picture);

JudgePart as_jpeg(const Image& image);  // quality 75, as Pillow writes it
JudgePart as_png(const Image& image);

// "image/png", "image/jpeg" or "image/webp", by the content. Throws InputError that starts with `where` for
// another one.
std::string media_type(std::string_view bytes, const std::string& where);

// Whether a path from a file of items leads nowhere but below its folder: no root, no "..".
bool stays_below(const std::string& path);

// The option `pictures`, a folder, joined with an item's path; that path alone where the option is "".
std::string path_in(const std::string& folder, const std::string& path);

// The bytes of the picture that an item is to edit. Throws InputError that says where it is looked for; also
// where no folder was named.
std::string read_source(const EvaluationItem& item, const std::string& folder);

}  // namespace umm::evaluators
