#include "endpoint.h"

#include <curl/curl.h>

#include <memory>

#include "umm/error.h"

namespace umm::openai {
namespace {

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::string part(const Url& url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, 0) != CURLUE_OK) return "";
  const std::unique_ptr<char, decltype(&curl_free)> owner(text, curl_free);
  return text;
}

}  // namespace

Endpoint endpoint_of(const std::string& base) {
  UMM_CHECK_INPUT(!base.empty(),
                  "no server to ask the judge's questions: set resources.judge.url to the base of one, as "
                  "\"https://api.openai.com/v1\" or \"http://localhost:8000/v1\"; or set "
                  "resources.judge.replay_only where all replies are stored");
  const Url url(curl_url(), curl_url_cleanup);
  const std::string form =
      "resources.judge.url: expected the base of a server, as \"http://localhost:8000/v1\"";
  UMM_CHECK_INPUT(curl_url_set(url.get(), CURLUPART_URL, base.c_str(), 0) == CURLUE_OK, form,
                  ", found what is no URL");
  const std::string scheme = part(url, CURLUPART_SCHEME), host = part(url, CURLUPART_HOST);
  UMM_CHECK_INPUT(scheme == "http" || scheme == "https", form, ", found one of ", scheme);
  UMM_CHECK_INPUT(part(url, CURLUPART_USER).empty() && part(url, CURLUPART_PASSWORD).empty(), form,
                  ", found a user name in it; keys belong to key_variable or key_file");
  std::string path = part(url, CURLUPART_PATH);
  while (path.ends_with('/')) path.pop_back();
  curl_url_set(url.get(), CURLUPART_PATH, (path + "/chat/completions").c_str(), 0);
  curl_url_set(url.get(), CURLUPART_FRAGMENT, nullptr, 0);
  Endpoint endpoint{.url = part(url, CURLUPART_URL)};
  endpoint.shown = endpoint.url.substr(0, endpoint.url.find('?'));
  endpoint.is_azure = ("&" + part(url, CURLUPART_QUERY)).find("&api-version=") != std::string::npos;
  endpoint.is_private =
      scheme == "https" || host == "localhost" || host == "[::1]" || host.starts_with("127.");
  return endpoint;
}

}  // namespace umm::openai
