#include "loader/hash.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <vector>

#include "umm/error.h"

namespace umm {
namespace {

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  }

  void update(const char* data, size_t bytes) { EVP_DigestUpdate(context_.get(), data, bytes); }

  std::string hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int bytes = 0;
    EVP_DigestFinal_ex(context_.get(), digest.data(), &bytes);
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (unsigned int i = 0; i < bytes; ++i) {
      text += kDigits[digest[i] >> 4];
      text += kDigits[digest[i] & 15];
    }
    return text;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

std::string hash_text(std::string_view text) {
  Sha256 hash;
  hash.update(text.data(), text.size());
  return hash.hex();
}

std::string hash_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  UMM_CHECK_INPUT(stream && !std::filesystem::is_directory(file), file.string(), ": cannot be opened");
  Sha256 hash;
  std::vector<char> buffer(size_t{1} << 20);
  while (stream) {
    stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    hash.update(buffer.data(), static_cast<size_t>(stream.gcount()));
  }
  UMM_CHECK_INPUT(!stream.bad(), file.string(), ": cannot be read to its end");
  return hash.hex();
}

std::string hash_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::string> names;
  for (std::filesystem::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->is_regular_file(error))
      names.push_back(entry->path().lexically_relative(folder).generic_string());
  }
  UMM_CHECK_INPUT(!error, folder.string(), ": cannot be listed: ", error.message());
  std::sort(names.begin(), names.end());
  std::string listing;
  for (const std::string& name : names) {
    // The length first: no name can imitate the start of the next line.
    listing += std::to_string(name.size()) + " " + name + " " + hash_file(folder / name) + "\n";
  }
  return hash_text(listing);
}

}  // namespace umm
