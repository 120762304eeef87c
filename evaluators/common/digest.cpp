// Digests over OpenSSL, see digest.h.
#include "digest.h"

#include <openssl/evp.h>

#include <array>

#include "umm/error.h"

namespace umm::evaluators {

std::string git_blob_id(std::string_view bytes) {
  std::string content = "blob " + std::to_string(bytes.size());
  content += '\0';
  content += bytes;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  const bool done =
      EVP_Digest(content.data(), content.size(), digest.data(), &size, EVP_sha1(), nullptr) == 1;
  UMM_CHECK(done, "OpenSSL could not hash ", bytes.size(), " bytes");
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += "0123456789abcdef"[digest[i] >> 4];
    text += "0123456789abcdef"[digest[i] & 15];
  }
  return text;
}

}  // namespace umm::evaluators
