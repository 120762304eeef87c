#include "detector.h"

#include <algorithm>
#include <cmath>

#include "catalog.h"
#include "segmentation.h"
#include "shape_matching.h"
#include "umm/error.h"

namespace umm::tiny_world {
namespace {

constexpr int64_t kSmallestPicture = 16;  // pixels; below that shapes cannot be told apart

// Longer side of an object's box, as a part of the picture's shorter side. The world's are 0.375 to 0.4375.
constexpr double kSmallestObject = 0.3;
constexpr double kLargestObject = 0.6;
constexpr int64_t kSmallestSide = 6;  // pixels; smaller boxes look like shapes by chance

constexpr double kUnlikeAnything = 0.5;  // overlap below which nothing is reported
constexpr double kNeedsSplit = 0.8;      // overlap below which a region may be several objects that touch

// Score 0.5 where the overlap is this; measured: README.md.
constexpr double kHalfScoreOverlap = 0.84;
constexpr double kScoreSteepness = 35;

constexpr double kColorTolerance = 60;  // 8-bit steps

struct Found {
  Region region;
  ShapeMatch match;
};

double score_of(double overlap) {
  return 1 / (1 + std::exp(-kScoreSteepness * (overlap - kHalfScoreOverlap)));
}

bool large_enough(const Region& region, int64_t picture_side) {
  const int64_t side = std::max(region.width(), region.height());
  return side >= kSmallestSide && static_cast<double>(side) >= kSmallestObject * picture_side;
}

// The line through the middle third of the longer side that crosses the fewest pixels.
int64_t thinnest_line(const Region& region, bool column) {
  const int64_t length = column ? region.width() : region.height();
  int64_t best = length / 2, fewest = INT64_MAX;
  for (int64_t at = length / 3; at < length - length / 3; ++at) {
    int64_t count = 0;
    for (int64_t i = 0; i < (column ? region.height() : region.width()); ++i) {
      count += column ? region.mask[i * region.width() + at] : region.mask[at * region.width() + i];
    }
    if (count < fewest) {
      fewest = count;
      best = at;
    }
  }
  return best;
}

// Adds what `region` shows. Objects that a decoder let run together are cut apart at their thinnest place,
// as long as every part then looks more like a shape than the whole did.
void read_region(const Region& region, int64_t picture_side, int cuts_left, std::vector<Found>& found) {
  const ShapeMatch whole = match_shape(region);
  if (whole.overlap < kNeedsSplit && cuts_left > 0) {
    const bool column = region.width() >= region.height();
    std::vector<Found> parts;
    for (const Region& part : parts_without_line(region, column, thinnest_line(region, column))) {
      if (large_enough(part, picture_side)) read_region(part, picture_side, cuts_left - 1, parts);
    }
    const bool better = parts.size() > 1 && std::all_of(parts.begin(), parts.end(), [&](const Found& part) {
                          return part.match.overlap > whole.overlap;
                        });
    if (better) {
      found.insert(found.end(), parts.begin(), parts.end());
      return;
    }
  }
  const double side = static_cast<double>(std::max(region.width(), region.height()));
  if (whole.overlap >= kUnlikeAnything && side <= kLargestObject * picture_side)
    found.push_back({region, whole});
}

Detection to_detection(const Found& found, const Image& image) {
  const Region& region = found.region;
  Detection detection;
  detection.label = shapes()[found.match.shape].name;
  detection.score = score_of(found.match.overlap);
  detection.x1 = static_cast<float>(region.x1);
  detection.y1 = static_cast<float>(region.y1);
  detection.x2 = static_cast<float>(region.x2);
  detection.y2 = static_cast<float>(region.y2);
  detection.mask.resize(image.width * image.height);
  for (int64_t y = 0; y < region.height(); ++y) {
    std::copy_n(region.mask.begin() + y * region.width(), region.width(),
                detection.mask.begin() + (region.y1 + y) * image.width + region.x1);
  }
  return detection;
}

void check(const Image& image) {
  UMM_CHECK(image.width >= kSmallestPicture && image.height >= kSmallestPicture,
            "the tiny world's oracle reads pictures of at least ", kSmallestPicture, " x ", kSmallestPicture,
            " pixels, found ", image.width, " x ", image.height);
  UMM_CHECK(static_cast<int64_t>(image.rgb.size()) == image.width * image.height * 3, "a picture of ",
            image.width, " x ", image.height, " pixels must hold ", image.width * image.height * 3,
            " bytes, found ", image.rgb.size());
}

}  // namespace

std::string Oracle::version() const {
  return "1";
}

std::vector<Detection> Oracle::detect(const Image& image) {
  check(image);
  const int64_t picture_side = std::min(image.width, image.height);
  constexpr int kMostCuts = 3;  // four objects, all run together
  std::vector<Found> found;
  for (const Region& region : find_regions(image)) {
    if (large_enough(region, picture_side)) read_region(region, picture_side, kMostCuts, found);
  }
  std::vector<Detection> detections;
  for (const Found& object : found) detections.push_back(to_detection(object, image));
  return detections;
}

std::vector<double> Oracle::color_scores(const Image& image, const Detection& object,
                                         const std::vector<std::string>& colors) {
  check(image);
  UMM_CHECK(object.mask.empty() || static_cast<int64_t>(object.mask.size()) == image.width * image.height,
            "the mask of a detection must be as large as its picture, ", image.width * image.height,
            " pixels, found ", object.mask.size());
  const auto x1 = std::clamp<int64_t>(static_cast<int64_t>(object.x1), 0, image.width);
  const auto x2 = std::clamp<int64_t>(static_cast<int64_t>(object.x2), 0, image.width);
  const auto y1 = std::clamp<int64_t>(static_cast<int64_t>(object.y1), 0, image.height);
  const auto y2 = std::clamp<int64_t>(static_cast<int64_t>(object.y2), 0, image.height);

  std::vector<double> scores(colors.size());
  for (size_t i = 0; i < colors.size(); ++i) {
    const int color = find_color(colors[i]);
    if (color < 0) continue;
    double sum = 0;
    int64_t count = 0;
    for (int64_t y = y1; y < y2; ++y) {
      for (int64_t x = x1; x < x2; ++x) {
        if (!object.mask.empty() && !object.mask[y * image.width + x]) continue;
        const double distance = distance_to_color(image.pixel(x, y), color) / kColorTolerance;
        sum += std::exp(-distance * distance / 2);
        ++count;
      }
    }
    scores[i] = count > 0 ? sum / static_cast<double>(count) : 0;
  }
  return scores;
}

}  // namespace umm::tiny_world
