#include "fake_certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>

namespace umm::testing {

FakeCertificate::FakeCertificate() {
  key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  certificate.reset(X509_new());
  X509* made = certificate.get();
  X509_set_version(made, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
  X509_gmtime_adj(X509_getm_notBefore(made), -60);
  X509_gmtime_adj(X509_getm_notAfter(made), 24 * 3600);
  X509_set_pubkey(made, key.get());
  X509_NAME* name = X509_get_subject_name(made);
  const auto* common_name = reinterpret_cast<const unsigned char*>("fake judge");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0);
  X509_set_issuer_name(made, name);
  X509_EXTENSION* place = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
  X509_add_ext(made, place, -1);
  X509_EXTENSION_free(place);
  X509_sign(made, key.get(), EVP_sha256());
}

void FakeCertificate::write(const std::string& file) const {
  std::FILE* out = std::fopen(file.c_str(), "w");
  PEM_write_X509(out, certificate.get());
  std::fclose(out);
}

}  // namespace umm::testing
