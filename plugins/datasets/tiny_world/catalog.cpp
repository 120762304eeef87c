#include "catalog.h"

#include <cmath>

namespace umm::tiny_world {
namespace {

double radius_squared(double u, double v) {
  return (u - 0.5) * (u - 0.5) + (v - 0.5) * (v - 0.5);
}

bool circle(double u, double v) {
  return radius_squared(u, v) < 0.25;
}

bool square(double, double) {
  return true;
}

// Blunt at the top: a one-pixel tip would not survive a tokenizer.
bool triangle(double u, double v) {
  return std::abs(u - 0.5) < 0.07 + 0.43 * v;
}

bool cross(double u, double v) {
  return std::abs(u - 0.5) < 0.16 || std::abs(v - 0.5) < 0.16;
}

bool ring(double u, double v) {
  return circle(u, v) && radius_squared(u, v) > 0.075;
}

constexpr Shape kShapes[] = {
    {"circle", "circles", 14, 14, circle},
    {"square", "squares", 12, 12, square},
    {"triangle", "triangles", 14, 14, triangle},
    {"cross", "crosses", 14, 14, cross},
    {"ring", "rings", 14, 14, ring},
};

constexpr Color kColors[] = {
    {"red", {220, 40, 40}},  {"yellow", {240, 225, 40}}, {"green", {40, 180, 60}},
    {"blue", {40, 70, 230}}, {"purple", {150, 45, 200}}, {"white", {240, 240, 240}},
};

}  // namespace

std::span<const Shape> shapes() {
  return kShapes;
}

std::span<const Color> colors() {
  return kColors;
}

int find_color(std::string_view name) {
  for (size_t i = 0; i < std::size(kColors); ++i) {
    if (kColors[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace umm::tiny_world
