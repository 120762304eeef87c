// Requests over HTTP.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "endpoint.h"
#include "halt.h"
#include "patience.h"
#include "secret.h"

namespace umm::openai {

enum class Delivery {
  whole,        // status and body are there
  too_long,     // the body passed kLongestBody and was dropped
  cut,          // the connection ended first
  timed_out,    // the time did
  unreachable,  // nothing was sent
  untrusted     // nothing was sent: nobody known vouches for the server's certificate
};

struct Exchange {
  Delivery delivery = Delivery::cut;
  int64_t status = 0;
  std::string body = {};
  std::string redirect = {};  // where it wants to be asked instead
  std::optional<double> retry_after_seconds = {};
  std::string problem = {};  // in the words of libcurl, where it was not whole
};

class Transport {
 public:
  static constexpr size_t kLongestBody = size_t{8} << 20;

  // `halt` is borrowed. Certificates are looked up where the system has them, or in the file that the
  // environment's SSL_CERT_FILE names.
  Transport(const Endpoint& endpoint, const Secret& secret, const Patience& patience, int64_t parallel,
            const Halt& halt);
  ~Transport();

  // On any thread; waits while `parallel` others are on their way. Redirects are not followed. When the
  // process is to stop, one that is on its way has some seconds left, then this throws Error.
  Exchange post(const std::string& body);

 private:
  struct Connections;
  std::unique_ptr<Connections> connections_;
};

}  // namespace umm::openai
