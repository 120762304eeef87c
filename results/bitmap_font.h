// A 5 x 7 pixel font for printable ASCII, so that contact sheets need no font file.
#pragma once

#include <array>
#include <cstdint>

namespace umm::results {

constexpr int kGlyphWidth = 5, kGlyphHeight = 7;        // pixels
constexpr int kGlyphAdvance = 6, kGlyphLineHeight = 9;  // pixels from glyph to glyph, from line to line

// Rows from the top; bit 4 is the leftmost pixel. Anything but printable ASCII looks like '?'.
const std::array<uint8_t, kGlyphHeight>& glyph(char character);

}  // namespace umm::results
