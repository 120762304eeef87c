// A certificate that nobody vouches for.
#pragma once

#include <openssl/x509.h>

#include <memory>
#include <string>

namespace umm::testing {

struct FakeCertificate {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{nullptr, EVP_PKEY_free};
  std::unique_ptr<X509, decltype(&X509_free)> certificate{nullptr, X509_free};

  FakeCertificate();  // of 127.0.0.1, signed by itself
  void write(const std::string& file) const;
};

}  // namespace umm::testing
