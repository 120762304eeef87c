// The tables that the whole world is made from. A row added here is drawn, named, asked for and recognised.
//
// Shapes are given inside their own box, u to the right and v downwards, both in (0, 1); they must touch
// all four sides of it, so that the box of the drawn pixels is the box that was asked for.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace umm::tiny_world {

using Rgb = std::array<uint8_t, 3>;

struct Shape {
  const char* name;
  const char* plural;
  int64_t width;  // of the box, in sixteenths of the cell; even, and at most 14: neighbours never touch
  int64_t height;
  bool (*inside)(double u, double v);
};

struct Color {
  const char* name;  // one of GenEval's ten
  Rgb rgb;
};

inline constexpr Rgb kBackground{48, 48, 48};

std::span<const Shape> shapes();
std::span<const Color> colors();

// Row of the colour of that name; -1 where the world has none.
int find_color(std::string_view name);

}  // namespace umm::tiny_world
