#include <openssl/evp.h>

#include <algorithm>

#include "images/encode.h"

namespace umm::images {

std::string base64(std::span<const uint8_t> bytes) {
  // In pieces, because lengths are ints; of whole groups of three, so that only the last is padded.
  constexpr size_t kPiece = 3 << 20;
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4 + 1);
  while (!bytes.empty()) {
    const auto piece = bytes.first(std::min(kPiece, bytes.size()));
    const size_t before = text.size(), added = (piece.size() + 2) / 3 * 4;
    text.resize(before + added + 1);  // a zero byte is written behind
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data() + before), piece.data(),
                    static_cast<int>(piece.size()));
    text.resize(before + added);
    bytes = bytes.subspan(piece.size());
  }
  return text;
}

}  // namespace umm::images
