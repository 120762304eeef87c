#include "segmentation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "catalog.h"

namespace umm::tiny_world {
namespace {

constexpr int kNoColor = -1;
constexpr double kMaxDistance = 70;  // 8-bit steps; farther from every mixture: not of this world
constexpr double kColorShare = 0.2;  // of a connected area's pixels; a colour with less is speckle

struct Mixture {
  double amount = 0;    // of the colour
  double distance = 0;  // of the pixel to that mixture
};

Mixture explain(const uint8_t* pixel, int color, double least_amount) {
  const Rgb& rgb = colors()[color].rgb;
  std::array<double, 3> axis, offset;
  double along = 0, length_squared = 0;
  for (int i = 0; i < 3; ++i) {
    axis[i] = static_cast<double>(rgb[i]) - kBackground[i];
    offset[i] = static_cast<double>(pixel[i]) - kBackground[i];
    along += axis[i] * offset[i];
    length_squared += axis[i] * axis[i];
  }
  const double amount = std::clamp(along / length_squared, least_amount, 1.0);
  double squared = 0;
  for (int i = 0; i < 3; ++i) squared += std::pow(offset[i] - amount * axis[i], 2);
  return {amount, std::sqrt(squared)};
}

int label_of(const uint8_t* pixel) {
  int best = kNoColor;
  Mixture chosen{0, kMaxDistance};
  for (int color = 0; color < static_cast<int>(colors().size()); ++color) {
    const Mixture mixture = explain(pixel, color, 0);
    if (mixture.distance >= chosen.distance) continue;
    chosen = mixture;
    best = color;
  }
  return chosen.amount >= 0.5 ? best : kNoColor;
}

// Pixels of one 4-connected area as indices y * width + x, for every area where `inside` holds.
template <typename Inside>
std::vector<std::vector<int64_t>> connected_areas(int64_t width, int64_t height, Inside inside) {
  std::vector<uint8_t> seen(width * height);
  std::vector<std::vector<int64_t>> areas;
  for (int64_t start = 0; start < width * height; ++start) {
    if (seen[start] || !inside(start)) continue;
    std::vector<int64_t> area{start};
    seen[start] = 1;
    for (size_t next = 0; next < area.size(); ++next) {
      const int64_t at = area[next], x = at % width, y = at / width;
      const auto visit = [&](bool exists, int64_t neighbour) {
        if (!exists || seen[neighbour] || !inside(neighbour)) return;
        seen[neighbour] = 1;
        area.push_back(neighbour);
      };
      visit(x > 0, at - 1);
      visit(x + 1 < width, at + 1);
      visit(y > 0, at - width);
      visit(y + 1 < height, at + width);
    }
    areas.push_back(std::move(area));
  }
  return areas;
}

Region make_region(const std::vector<int64_t>& area, int64_t width, int color, int64_t left, int64_t top) {
  int64_t x1 = width, y1 = INT64_MAX, x2 = 0, y2 = 0;
  for (const int64_t at : area) {
    x1 = std::min(x1, at % width);
    x2 = std::max(x2, at % width + 1);
    y1 = std::min(y1, at / width);
    y2 = std::max(y2, at / width + 1);
  }
  Region region{color, left + x1, top + y1, left + x2, top + y2, std::vector<uint8_t>((x2 - x1) * (y2 - y1))};
  for (const int64_t at : area) region.mask[(at / width - y1) * (x2 - x1) + at % width - x1] = 1;
  return region;
}

// Colours with less than a fair share of a connected area are speckle: each such pixel goes to the nearest of
// the others.
void remove_speckle(const Image& image, const std::vector<int64_t>& area, std::vector<int>& labels) {
  std::vector<int64_t> count(colors().size());
  for (const int64_t at : area) ++count[labels[at]];
  const auto most = *std::max_element(count.begin(), count.end());
  const auto fair = [&](int color) {
    return count[color] == most || count[color] >= kColorShare * area.size();
  };
  for (const int64_t at : area) {
    if (fair(labels[at])) continue;
    double nearest = std::numeric_limits<double>::infinity();
    for (int color = 0; color < static_cast<int>(count.size()); ++color) {
      const double distance = distance_to_color(&image.rgb[at * 3], color);
      if (!fair(color) || distance >= nearest) continue;
      nearest = distance;
      labels[at] = color;
    }
  }
}

}  // namespace

std::vector<Region> find_regions(const Image& image) {
  const int64_t num_pixels = image.width * image.height;
  std::vector<int> labels(num_pixels);
  for (int64_t i = 0; i < num_pixels; ++i) labels[i] = label_of(&image.rgb[i * 3]);

  const auto foreground = [&](int64_t at) { return labels[at] != kNoColor; };
  for (const auto& area : connected_areas(image.width, image.height, foreground)) {
    remove_speckle(image, area, labels);
  }

  std::vector<Region> regions;
  for (int color = 0; color < static_cast<int>(colors().size()); ++color) {
    const auto of_color = [&](int64_t at) { return labels[at] == color; };
    for (const auto& area : connected_areas(image.width, image.height, of_color)) {
      regions.push_back(make_region(area, image.width, color, 0, 0));
    }
  }
  std::stable_sort(regions.begin(), regions.end(), [](const Region& a, const Region& b) {
    return std::pair(a.y1, a.x1) < std::pair(b.y1, b.x1);
  });
  return regions;
}

std::vector<Region> parts_without_line(const Region& region, bool column, int64_t cut) {
  const int64_t width = region.width();
  const auto kept = [&](int64_t at) { return region.mask[at] && (column ? at % width : at / width) != cut; };
  std::vector<Region> parts;
  for (const auto& area : connected_areas(width, region.height(), kept)) {
    parts.push_back(make_region(area, width, region.color, region.x1, region.y1));
  }
  return parts;
}

double distance_to_color(const uint8_t* pixel, int color) {
  return explain(pixel, color, 0.5).distance;
}

}  // namespace umm::tiny_world
