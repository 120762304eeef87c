#include "serve/server.h"

#include <httplib.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "serve/admission.h"
#include "serve/limited_stream.h"
#include "serve/served_file.h"
#include "umm/error.h"

namespace umm {
namespace {

using httplib::Request;
using httplib::Response;

constexpr size_t kMostRequestBytes = 16'384, kMostFileBytes = 64'000'000;
// A request is one short text, so whoever takes longer has stopped; 32 of those at once hold nobody up.
constexpr std::chrono::seconds kForRequest{3}, kForAnswer{120};
constexpr size_t kConnections = 32;
constexpr const char* kCookie = "ummbench_token";

// httplib with limits on what one connection may send.
class LimitedServer : public httplib::Server {
 public:
  void give_up() { stop_ = true; }

 private:
  // Compressing pages of many megabytes takes httplib minutes, and a thousand ranges are a thousand pages.
  static void answer_plainly(Request& request) {
    request.headers.erase("Accept-Encoding");
    request.headers.erase("Range");
    request.ranges.clear();
  }

  bool process_and_close_socket(socket_t socket) override {
    bool closed = false;
    {
      LimitedStream stream(socket, kMostRequestBytes, kForRequest, kForAnswer, stop_);
      process_request(stream, true, closed, answer_plainly);
    }
    // What was not read would make the system throw the answer away.
    ::shutdown(socket, SHUT_WR);
    LimitedStream rest(socket, kMostRequestBytes, std::chrono::milliseconds(200), {}, stop_);
    char bytes[1024];
    while (rest.read(bytes, sizeof bytes) > 0) {
    }
    ::close(socket);
    return true;
  }

  std::atomic<bool> stop_{false};
};

void refuse(Response& response, int status, const std::string& why) {
  response.status = status;
  response.set_content(why + "\n", "text/plain; charset=utf-8");
}

// A page's own policy stands in it; this holds for whatever else is answered, too.
void add_headers(Response& response) {
  response.set_header("X-Content-Type-Options", "nosniff");
  response.set_header("X-Frame-Options", "DENY");
  response.set_header("Referrer-Policy", "no-referrer");
  response.set_header("Cross-Origin-Resource-Policy", "same-origin");
  response.set_header("Cross-Origin-Opener-Policy", "same-origin");
  const bool page = response.get_header_value("Content-Type").starts_with("text/html");
  response.set_header("Content-Security-Policy", page
                                                     ? "base-uri 'none'; form-action 'none'; "
                                                       "frame-ancestors 'none'; object-src 'none'"
                                                     : "default-src 'none'; frame-ancestors 'none'; sandbox");
  if (!response.has_header("Cache-Control")) response.set_header("Cache-Control", "no-store");
}

}  // namespace

class PageServer::Implementation {
 public:
  Implementation(Pages& pages, std::filesystem::path output, ServerOptions options)
      : pages_(pages), output_(std::move(output)), options_(std::move(options)) {
    server_.set_pre_routing_handler([this](const Request& request, Response& response) {
      return admit(request, response) ? httplib::Server::HandlerResponse::Unhandled
                                      : httplib::Server::HandlerResponse::Handled;
    });
    server_.set_post_routing_handler([](const Request&, Response& response) { add_headers(response); });
    server_.set_error_handler([](const Request&, Response& response) {
      if (response.body.empty()) refuse(response, response.status, "There is nothing here.");
    });
    server_.set_exception_handler([](const Request&, Response& response, std::exception_ptr) {
      refuse(response, 500, "This could not be read just now; ask again.");
    });
    server_.new_task_queue = [] { return new httplib::ThreadPool(kConnections); };
    // httplib's own options would let a second server share the port.
    server_.set_socket_options([](socket_t socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    add_routes();
    port_ = options_.port == 0 ? server_.bind_to_any_port(options_.address)
            : server_.bind_to_port(options_.address, options_.port) ? options_.port
                                                                    : -1;
    UMM_CHECK_INPUT(
        port_ > 0, "cannot listen on ", options_.address, ", port ", options_.port,
        ": the address is not of this machine, or the port is taken; --port and --bind choose others");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  ~Implementation() {
    server_.give_up();
    server_.stop();
    thread_.join();
  }

  int port() const { return port_; }

 private:
  void add_routes();
  bool admit(const Request& request, Response& response) const;
  bool has_token(const Request& request, Response& response) const;

  Pages& pages_;
  std::filesystem::path output_;
  ServerOptions options_;
  LimitedServer server_;
  int port_ = 0;
  std::thread thread_;
};

void PageServer::Implementation::add_routes() {
  const auto answer = [](Response& response, const std::optional<std::string>& content, const char* type) {
    if (content)
      response.set_content(*content, type);
    else
      refuse(response, 404, "There is nothing here.");
  };
  server_.Get("/", [this, answer](const Request&, Response& response) {
    answer(response, pages_.index(), "text/html; charset=utf-8");
  });
  server_.Get("/sweep/(.+)", [this, answer](const Request& request, Response& response) {
    answer(response, pages_.page(request.matches[1]), "text/html; charset=utf-8");
  });
  server_.Get("/status/(.+)", [this, answer](const Request& request, Response& response) {
    answer(response, pages_.status(request.matches[1]), "application/json");
  });
  server_.Get("/files/(images/.+\\.png)", [this, answer](const Request& request, Response& response) {
    const auto content = read_below(output_, std::string(request.matches[1]), kMostFileBytes);
    if (content) response.set_header("Cache-Control", "private, max-age=3600");
    answer(response, content, "image/png");
  });
}

bool PageServer::Implementation::admit(const Request& request, Response& response) const {
  if (request.method != "GET" && request.method != "HEAD") {
    response.set_header("Allow", "GET, HEAD");
    refuse(response, 405, "This server is for reading.");
    return false;
  }
  if (request.path.find('\0') != std::string::npos) {
    refuse(response, 400, "A name cannot hold this character.");
    return false;
  }
  if (!options_.token.empty()) return has_token(request, response);
  if (request.get_header_value_count("Host") == 1 && names_this_machine(request.get_header_value("Host")))
    return true;
  refuse(response, 403, "This server answers to names of its own machine: localhost, 127.0.0.1.");
  return false;
}

// A token in the address is put into a cookie, so that it leaves the address line and the history.
bool PageServer::Implementation::has_token(const Request& request, Response& response) const {
  if (equal_secrets(cookie(request.get_header_value("Cookie"), kCookie), options_.token)) return true;
  if (request.has_param("token") && equal_secrets(request.get_param_value("token"), options_.token)) {
    response.set_header("Set-Cookie",
                        std::string(kCookie) + "=" + options_.token + "; HttpOnly; SameSite=Strict; Path=/");
    response.set_redirect("/", 303);
    return false;
  }
  refuse(response, 401, "Open the address with the token that was printed when the server was started.");
  return false;
}

PageServer::PageServer(Pages& pages, std::filesystem::path output, ServerOptions options)
    : implementation_(std::make_unique<Implementation>(pages, std::move(output), std::move(options))) {}
PageServer::~PageServer() = default;

int PageServer::port() const {
  return implementation_->port();
}

}  // namespace umm
