#include "transport.h"

#include <curl/curl.h>

#include <cstdlib>
#include <mutex>
#include <semaphore>
#include <vector>

#include "umm/error.h"
#include "umm/stop.h"

namespace umm::openai {
namespace {

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Headers = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

void start_curl() {
  static const CURLcode started =
      curl_global_init(CURL_GLOBAL_DEFAULT);  // never undone: others may use it, too
  UMM_CHECK(started == CURLE_OK, "libcurl does not start: ", curl_easy_strerror(started));
}

void add(Headers& headers, const std::string& line) {
  curl_slist* longer = curl_slist_append(headers.get(), line.c_str());
  UMM_CHECK(longer != nullptr, "no memory for a header");
  static_cast<void>(headers.release());
  headers.reset(longer);
}

// Of one request, as libcurl's callbacks see it.
struct Progress {
  std::string& body;
  bool too_long = false;
  double grace_seconds = 0;
  std::optional<Clock::time_point> give_up_at = {};
};

size_t take(char* data, size_t, size_t size, void* progress_pointer) {
  auto& progress = *static_cast<Progress*>(progress_pointer);
  progress.too_long = progress.body.size() + size > Transport::kLongestBody;
  if (progress.too_long) return 0;
  progress.body.append(data, size);
  return size;
}

// Called about once a second. A request that is on its way is paid for, so it may end.
int look(void* progress_pointer, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  auto& progress = *static_cast<Progress*>(progress_pointer);
  if (!stop_requested()) return 0;
  if (!progress.give_up_at) progress.give_up_at = Clock::now() + seconds(progress.grace_seconds);
  return Clock::now() >= *progress.give_up_at ? 1 : 0;
}

Delivery delivery_of(CURLcode code, CURL* handle, const Progress& progress) {
  curl_off_t sent_after = 0;  // microseconds; 0: nothing was sent
  curl_easy_getinfo(handle, CURLINFO_PRETRANSFER_TIME_T, &sent_after);
  switch (code) {
    case CURLE_OK:
      return Delivery::whole;
    case CURLE_WRITE_ERROR:
      return progress.too_long ? Delivery::too_long : Delivery::cut;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
      return Delivery::untrusted;
    case CURLE_OPERATION_TIMEDOUT:
      return sent_after > 0 ? Delivery::timed_out : Delivery::unreachable;
    default:
      return sent_after > 0 ? Delivery::cut : Delivery::unreachable;
  }
}

}  // namespace

struct Transport::Connections {
  const Endpoint endpoint;
  const Patience patience;
  const Halt& halt;
  Headers headers{nullptr, curl_slist_free_all};
  std::counting_semaphore<> places;
  std::mutex mutex;
  std::vector<Handle> idle;  // their connections stay open

  Connections(const Endpoint& to, const Secret& secret, const Patience& how_long, int64_t parallel,
              const Halt& when)
      : endpoint(to), patience(how_long), halt(when), places(parallel) {
    start_curl();
    add(headers, "Content-Type: application/json");
    add(headers, "Expect:");  // bodies are large, and waiting for a leave to send them helps nobody
    if (!secret.empty())
      add(headers, (endpoint.is_azure ? "api-key: " : "Authorization: Bearer ") + secret.reveal());
  }

  Handle lease() {
    while (!places.try_acquire_for(seconds(Halt::kLookEverySeconds))) halt.check();
    const std::lock_guard lock(mutex);
    if (idle.empty()) idle.push_back(make());
    Handle handle = std::move(idle.back());
    idle.pop_back();
    return handle;
  }

  void give_back(Handle handle) {
    {
      const std::lock_guard lock(mutex);
      idle.push_back(std::move(handle));
    }
    places.release();
  }

  Handle make() const {
    Handle handle(curl_easy_init(), curl_easy_cleanup);
    UMM_CHECK(handle, "libcurl makes no connection");
    const auto set = [&](CURLoption option, auto value) {
      const CURLcode code = curl_easy_setopt(handle.get(), option, value);
      UMM_CHECK(code == CURLE_OK, "libcurl refuses an option: ", curl_easy_strerror(code));
    };
    set(CURLOPT_URL, endpoint.url.c_str());
    set(CURLOPT_HTTPHEADER, headers.get());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);  // the key would go along
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (const char* file = std::getenv("SSL_CERT_FILE"); file != nullptr && *file != '\0')
      set(CURLOPT_CAINFO, file);
    set(CURLOPT_USERAGENT, "ummbench");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(patience.connect_seconds * 1000));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(patience.request_seconds * 1000));
    set(CURLOPT_WRITEFUNCTION, take);
    set(CURLOPT_XFERINFOFUNCTION, look);
    set(CURLOPT_NOPROGRESS, 0L);
    return handle;
  }
};

Transport::Transport(const Endpoint& endpoint, const Secret& secret, const Patience& patience,
                     int64_t parallel, const Halt& halt)
    : connections_(std::make_unique<Connections>(endpoint, secret, patience, parallel, halt)) {}
Transport::~Transport() = default;

Exchange Transport::post(const std::string& body) {
  Exchange exchange;
  Progress progress{.body = exchange.body, .grace_seconds = connections_->patience.grace_seconds};
  char words[CURL_ERROR_SIZE] = "";
  Handle handle = connections_->lease();
  curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &progress);
  curl_easy_setopt(handle.get(), CURLOPT_XFERINFODATA, &progress);
  curl_easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, words);
  const CURLcode code = curl_easy_perform(handle.get());

  exchange.delivery = delivery_of(code, handle.get(), progress);
  long status = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  exchange.status = status;
  char* redirect = nullptr;
  curl_easy_getinfo(handle.get(), CURLINFO_REDIRECT_URL, &redirect);
  if (redirect != nullptr) exchange.redirect = redirect;
  curl_off_t retry_after = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RETRY_AFTER, &retry_after);
  if (retry_after > 0) exchange.retry_after_seconds = static_cast<double>(retry_after);
  if (code != CURLE_OK) exchange.problem = *words != '\0' ? words : curl_easy_strerror(code);
  curl_easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, nullptr);
  connections_->give_back(std::move(handle));
  if (code == CURLE_ABORTED_BY_CALLBACK) connections_->halt.check();
  return exchange;
}

}  // namespace umm::openai
