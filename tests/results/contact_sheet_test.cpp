#include "results/contact_sheet.h"

#include <gmock/gmock.h>
#include <png.h>

#include <fstream>
#include <set>

#include "results/bitmap_font.h"
#include "tests/results/small_database.h"

namespace umm::results {
namespace {

using testing::HasSubstr;

struct Pixels {
  int width = 0, height = 0;
  std::vector<uint8_t> rgb;

  std::array<int, 3> at(int x, int y) const {
    const uint8_t* p = rgb.data() + 3 * (y * width + x);
    return {p[0], p[1], p[2]};
  }
};

Pixels read(const std::string& path) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  EXPECT_NE(png_image_begin_read_from_file(&image, path.c_str()), 0) << image.message;
  image.format = PNG_FORMAT_RGB;
  Pixels pixels{static_cast<int>(image.width), static_cast<int>(image.height), {}};
  pixels.rgb.resize(PNG_IMAGE_SIZE(image));
  png_image_finish_read(&image, nullptr, pixels.rgb.data(), 0, nullptr);
  return pixels;
}

void write_square(const std::string& path, int side, std::array<uint8_t, 3> color) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::vector<uint8_t> rgb;
  for (int i = 0; i < side * side; ++i) rgb.insert(rgb.end(), color.begin(), color.end());
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = image.height = static_cast<png_uint_32>(side);
  image.format = PNG_FORMAT_RGB;
  ASSERT_NE(png_image_write_to_file(&image, path.c_str(), 0, rgb.data(), 0, nullptr), 0) << image.message;
}

int count_of(const Pixels& pixels, std::array<int, 3> color) {
  int count = 0;
  for (int y = 0; y < pixels.height; ++y) {
    for (int x = 0; x < pixels.width; ++x) count += pixels.at(x, y) == color ? 1 : 0;
  }
  return count;
}

TEST(BitmapFont, every_printable_character_has_its_own_shape) {
  std::set<std::array<uint8_t, kGlyphHeight>> shapes;
  for (char c = ' '; c <= '~'; ++c) {
    shapes.insert(glyph(c));
    for (uint8_t row : glyph(c)) EXPECT_LT(row, 1 << kGlyphWidth);
  }
  EXPECT_EQ(shapes.size(), 95u);
  EXPECT_EQ(glyph('\xc3'), glyph('?'));
}

TEST(ContactSheet, small_pictures_are_enlarged_and_large_ones_reduced) {
  TemporaryFolder folder;
  write_square(folder / "small.png", 32, {200, 0, 0});
  write_square(folder / "large.png", 512, {0, 0, 200});
  write_contact_sheet({{{"counting", "two red circles"}},
                       {{"base", {folder / "small.png"}}, {"reca", {folder / "large.png"}}}},
                      folder / "sheet.png");
  Pixels sheet = read(folder / "sheet.png");
  EXPECT_EQ(count_of(sheet, {200, 0, 0}), 96 * 96);
  EXPECT_EQ(count_of(sheet, {0, 0, 200}), 256 * 256);
  EXPECT_GT(count_of(sheet, {20, 20, 20}), 200);  // letters
  EXPECT_FALSE(std::filesystem::exists(folder / "sheet.png.partial"));
}

TEST(ContactSheet, long_texts_stay_in_their_place) {
  TemporaryFolder folder;
  write_square(folder / "a.png", 8, {200, 0, 0});
  std::string prompt(1000, 'W'), spaced;
  for (int i = 0; i < 100; ++i) spaced += "W WW ";
  write_contact_sheet({{{"tag", prompt}, {std::string(300, 'W'), spaced}, {"", ""}},
                       {{std::string(200, 'W'), {folder / "a.png", folder / "a.png", folder / "a.png"}}}},
                      folder / "sheet.png");
  EXPECT_EQ(count_of(read(folder / "sheet.png"), {200, 0, 0}), 3 * 96 * 96);
}

TEST(ContactSheet, of_a_sweep_shows_the_first_prompts_of_each_tag) {
  TemporaryFolder folder;
  Store store = open_small_database(folder);
  store.put_sweep({"none", "", "", ""});
  EXPECT_FALSE(contact_sheet_for(store, "none", folder / "sheet.png"));
  EXPECT_FALSE(std::filesystem::exists(folder / "sheet.png"));
  for (const EvidenceRow& row : small_evidence({0, 0, 0})) {
    write_square((folder / row.image_path), 32, {0, 120, 0});
  }
  EXPECT_TRUE(contact_sheet_for(store, "small", folder / "sheet.png", 1));
  EXPECT_EQ(count_of(read(folder / "sheet.png"), {0, 120, 0}), 3 * 3 * 96 * 96);  // tags x rows
}

TEST(ContactSheet, pictures_that_cannot_be_read_take_no_others_away) {
  TemporaryFolder folder;
  std::ofstream(folder / "broken.png") << "no picture";
  write_square(folder / "a.png", 8, {200, 0, 0});
  write_contact_sheet({{{"t", "p"}, {"t", "q"}},
                       {{"r", {folder / "broken.png", folder / "a.png"}}, {"s", {folder / "gone.png", ""}}}},
                      folder / "s.png");
  const Pixels sheet = read(folder / "s.png");
  EXPECT_EQ(count_of(sheet, {200, 0, 0}), 96 * 96);
  EXPECT_GT(count_of(sheet, {110, 110, 110}), 3 * 60);  // "no picture"
}

TEST(ContactSheet, of_a_sweep_shows_nothing_from_outside_of_its_folder) {
  TemporaryFolder folder;
  std::filesystem::create_directories(folder / "inner");
  Store store = Store::open(folder / "inner/results.sqlite");
  fill_small_database(store);
  write_square(folder / "secret.png", 32, {0, 120, 0});
  for (const std::string& path : {std::string("../secret.png"), folder / "secret.png"}) {
    query(store, "UPDATE judgement SET image_path = '" + path + "'");
    EXPECT_TRUE(contact_sheet_for(store, "small", folder / "sheet.png", 1));
    EXPECT_EQ(count_of(read(folder / "sheet.png"), {0, 120, 0}), 0) << path;
  }
}

TEST(ContactSheet, places_that_cannot_be_written_are_named) {
  TemporaryFolder folder;
  write_square(folder / "a.png", 8, {1, 2, 3});
  EXPECT_THAT(error_of([&] {
                write_contact_sheet({{{"t", "p"}}, {{"r", {folder / "a.png"}}}}, folder / "no/s.png");
              }),
              HasSubstr("no/s.png: cannot be written"));
  EXPECT_THAT(error_of([&] {
                write_contact_sheet({{{"t", "p"}}, {{"r", {}}}}, folder / "s.png");
              }),
              HasSubstr("0 pictures for 1 prompts"));
}

}  // namespace
}  // namespace umm::results
