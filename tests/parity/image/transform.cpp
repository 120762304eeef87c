// What compare.py compares: operations on lines of standard input, the SHA-256 of what they give on standard
// output.
//   decode 0 0 <path>   upright 0 0 <path>   fitted <size> 0 <path>   jpeg <quality> 0 <path>
//   bicubic <width> <height> <path>   bilinear ...   opencv ...
#include <openssl/sha.h>

#include <cstdio>
#include <iostream>
#include <sstream>
#include <stdexcept>

#include "images/encode.h"
#include "images/picture_file.h"
#include "images/resize.h"
#include "umm/error.h"

namespace {

using namespace umm;
using namespace umm::images;

std::string hash_of(const std::vector<uint8_t>& bytes) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(bytes.data(), bytes.size(), digest);
  std::string text;
  for (const unsigned char byte : digest) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", byte);
    text += two;
  }
  return text;
}

std::string result_of(const std::string& line) {
  std::istringstream in(line);
  std::string operation, path;
  int first = 0, second = 0;
  in >> operation >> first >> second >> std::ws;
  std::getline(in, path);
  Image image = read_picture(path, {.upright = operation == "upright"});
  if (operation == "jpeg") return hash_of(encode_jpeg(image, first));
  if (operation == "bicubic") image = resized(image, first, second, Filter::bicubic);
  if (operation == "bilinear") image = resized(image, first, second, Filter::bilinear);
  if (operation == "opencv") image = resized_as_opencv(image, first, second);
  if (operation == "fitted")
    image = center_cropped(shorter_side_resized(image, first, Filter::bicubic), first);
  return detail::concat(image.width, " ", image.height, " ", hash_of(image.rgb));
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    try {
      std::cout << result_of(line) << '\n';
    } catch (const std::exception& error) {
      std::cout << "error " << error.what() << '\n';
    }
  }
}
