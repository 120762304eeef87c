#include "results/contact_sheet.h"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <map>
#include <optional>

#include "results/bitmap_font.h"
#include "results/database.h"
#include "results/evaluated_rows.h"
#include "results/picture.h"

namespace umm::results {
namespace {

// All in pixels.
constexpr int kLeastSide = 96, kMostSide = 256;  // of a picture on the sheet
constexpr int kMargin = 8, kGap = 6;
constexpr int kTextScale = 2, kTextWidth = 26 * kGlyphAdvance * kTextScale;

struct Color {
  uint8_t r, g, b;
};
constexpr Color kInk{20, 20, 20}, kFaint{110, 110, 110};

Picture blank(int width, int height, uint8_t shade) {
  return {width, height, std::vector<uint8_t>(static_cast<size_t>(width) * height * 3, shade)};
}

void write_png(const Picture& picture, const std::string& path) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = PNG_FORMAT_RGB;
  std::string partial = path + ".partial";
  if (png_image_write_to_file(&image, partial.c_str(), 0, picture.rgb.data(), 0, nullptr) == 0) {
    std::filesystem::remove(partial);
    throw StoreError(
        fmt::format("{}: cannot be written: {}. Check that the folder exists, is writable and has room.",
                    path, image.message));
  }
  std::filesystem::rename(partial, path);
}

Picture enlarge(const Picture& in, int factor) {
  Picture out = blank(in.width * factor, in.height * factor, 0);
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) std::memcpy(out.at(x, y), in.at(x / factor, y / factor), 3);
  }
  return out;
}

Picture fit(const Picture& in) {
  int side = std::max(in.width, in.height);
  if (side < kLeastSide) return enlarge(in, (kLeastSide + side - 1) / side);
  return reduced(in, kMostSide);
}

void paste(Picture& sheet, const Picture& picture, int left, int top) {
  for (int y = 0; y < picture.height; ++y) {
    std::memcpy(sheet.at(left, top + y), picture.at(0, y), static_cast<size_t>(picture.width) * 3);
  }
}

void draw_text(Picture& sheet, std::string_view text, int left, int top, int scale, Color color) {
  for (char character : text) {
    const auto& rows = glyph(character);
    for (int y = 0; y < kGlyphHeight * scale; ++y) {
      for (int x = 0; x < kGlyphWidth * scale; ++x) {
        bool inked = (rows[static_cast<size_t>(y / scale)] >> (kGlyphWidth - 1 - x / scale) & 1) != 0;
        if (inked) std::memcpy(sheet.at(left + x, top + y), &color, 3);
      }
    }
    left += kGlyphAdvance * scale;
  }
}

std::string shortened(const std::string& text, size_t most) {
  if (text.size() <= most) return text;
  return most <= 3 ? text.substr(0, most) : text.substr(0, most - 3) + "...";
}

// Broken between words; what does not fit in `most_lines` ends in "...".
std::vector<std::string> wrapped(const std::string& text, size_t columns, size_t most_lines) {
  std::vector<std::string> lines;
  size_t at = 0;
  while (at < text.size() && lines.size() < most_lines) {
    std::string rest = text.substr(at);
    if (lines.size() + 1 == most_lines || rest.size() <= columns) {
      lines.push_back(shortened(rest, columns));
      break;
    }
    size_t space = rest.rfind(' ', columns);
    size_t length = space == std::string::npos || space == 0 ? columns : space;
    lines.push_back(rest.substr(0, length));
    at += length + (length == space ? 1 : 0);
  }
  return lines;
}

void draw_line_text(Picture& sheet, const ContactSheet::Line& line, int top, int height) {
  draw_text(sheet, shortened(line.tag, kTextWidth / kGlyphAdvance), kMargin, top, 1, kFaint);
  int y = top + kGlyphLineHeight + 3, line_height = kGlyphLineHeight * kTextScale;
  auto most_lines = static_cast<size_t>(std::max(1, (top + height - y) / line_height));
  for (const std::string& text :
       wrapped(line.prompt, kTextWidth / (kGlyphAdvance * kTextScale), most_lines)) {
    draw_text(sheet, text, kMargin, y, kTextScale, kInk);
    y += line_height;
  }
}

// Large letters where they fit.
void draw_label(Picture& sheet, const std::string& label, int left, int width) {
  auto fits = [&](int scale) { return static_cast<size_t>(width / (kGlyphAdvance * scale)); };
  int scale = label.size() <= fits(kTextScale) ? kTextScale : 1;
  draw_text(sheet, shortened(label, fits(scale)), left, kMargin + (kTextScale - scale) * kGlyphHeight, scale,
            kInk);
}

void check_shape(const ContactSheet& sheet) {
  if (sheet.lines.empty() || sheet.columns.empty())
    throw StoreError("a contact sheet needs a prompt and a picture");
  for (const SheetColumn& column : sheet.columns) {
    if (column.image_paths.size() != sheet.lines.size()) {
      throw StoreError(fmt::format("contact sheet: column '{}' has {} pictures for {} prompts", column.label,
                                   column.image_paths.size(), sheet.lines.size()));
    }
  }
}

// Items to show, as places in `items`: the first of each tag, tags in the order they occur.
std::vector<size_t> first_of_each_tag(const std::vector<ItemRow>& items, int64_t per_tag) {
  std::vector<std::string> tags;
  std::map<std::string, std::vector<size_t>> chosen;
  for (size_t i = 0; i < items.size(); ++i) {
    std::vector<size_t>& of_tag = chosen[items[i].tag];
    if (of_tag.empty()) tags.push_back(items[i].tag);
    if (static_cast<int64_t>(of_tag.size()) < per_tag) of_tag.push_back(i);
  }
  std::vector<size_t> places;
  for (const std::string& tag : tags) places.insert(places.end(), chosen[tag].begin(), chosen[tag].end());
  return places;
}

// nullopt: there is none, or it is no PNG.
std::optional<Picture> picture_of(const std::string& image) {
  try {
    if (!image.empty()) return fit(read_png(image));
  } catch (const StoreError&) {
    // The sheet says so in the picture's place.
  }
  return std::nullopt;
}

}  // namespace

void write_contact_sheet(const ContactSheet& sheet, const std::string& path) {
  check_shape(sheet);
  std::vector<std::vector<std::optional<Picture>>> pictures;  // [columns][lines]
  int cell_width = kLeastSide, cell_height = kLeastSide;
  for (const SheetColumn& column : sheet.columns) {
    auto& of_column = pictures.emplace_back();
    for (const std::string& image : column.image_paths) {
      const auto& picture = of_column.emplace_back(picture_of(image));
      if (!picture) continue;
      cell_width = std::max(cell_width, picture->width);
      cell_height = std::max(cell_height, picture->height);
    }
  }
  int header = kMargin + kGlyphLineHeight * kTextScale + kGap, left = kMargin + kTextWidth + kGap;
  int num_columns = static_cast<int>(pictures.size()), num_lines = static_cast<int>(sheet.lines.size());
  Picture out = blank(left + num_columns * (cell_width + kGap) - kGap + kMargin,
                      header + num_lines * (cell_height + kGap) - kGap + kMargin, 255);
  for (int line = 0; line < num_lines; ++line) {
    int top = header + line * (cell_height + kGap);
    draw_line_text(out, sheet.lines[static_cast<size_t>(line)], top, cell_height);
    for (int column = 0; column < num_columns; ++column) {
      const auto& picture = pictures[static_cast<size_t>(column)][static_cast<size_t>(line)];
      const int at = left + column * (cell_width + kGap);
      if (picture)
        paste(out, *picture, at, top);
      else
        draw_text(out, "no picture", at, top, 1, kFaint);
    }
  }
  for (int column = 0; column < num_columns; ++column) {
    draw_label(out, sheet.columns[static_cast<size_t>(column)].label, left + column * (cell_width + kGap),
               cell_width);
  }
  write_png(out, path);
}

bool contact_sheet_for(const Store& store, const std::string& sweep, const std::string& path,
                       int64_t prompts_per_tag) {
  std::vector<ProtocolGroup> groups = group_evaluations(store, sweep);
  if (groups.empty()) return false;
  const ProtocolGroup& group = groups.front();
  std::vector<ItemRow> items = store.items(group.rows.front().runs.front().evaluation_identity);
  std::vector<size_t> places = first_of_each_tag(items, prompts_per_tag);
  ContactSheet sheet;
  for (size_t place : places) sheet.lines.push_back({items[place].tag, items[place].prompt});
  auto folder = std::filesystem::path(sqlite3_db_filename(store.handle(), "main")).parent_path();
  for (const EvaluatedRow& row : group.rows) {
    std::map<std::string, std::string> first_image;
    for (const EvidenceRow& evidence : store.evidence(row.runs.front().evaluation_identity)) {
      if (stays_inside(evidence.image_path))
        first_image.emplace(evidence.item_id, (folder / evidence.image_path).string());
    }
    SheetColumn& column = sheet.columns.emplace_back();
    column.label = row.label;
    for (size_t place : places) column.image_paths.push_back(first_image[items[place].item_id]);
  }
  write_contact_sheet(sheet, path);
  return true;
}

}  // namespace umm::results
