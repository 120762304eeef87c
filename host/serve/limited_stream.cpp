#include "serve/limited_stream.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace umm {
namespace {

constexpr int64_t kLookForStop = 100;  // milliseconds

}  // namespace

LimitedStream::LimitedStream(socket_t socket, size_t most_bytes, std::chrono::milliseconds for_request,
                             std::chrono::milliseconds for_answer, const std::atomic<bool>& stop)
    : socket_(socket),
      stop_(stop),
      bytes_left_(most_bytes),
      read_until_(Clock::now() + for_request),
      write_until_(Clock::now() + for_request + for_answer) {}

bool LimitedStream::wait(short events, Clock::time_point until) const {
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0 || stop_) return false;
    pollfd ready{socket_, events, 0};
    const int number = poll(&ready, 1, static_cast<int>(std::min<int64_t>(left, kLookForStop)));
    if (number > 0) return true;
    if (number < 0 && errno != EINTR) return false;
  }
}

bool LimitedStream::is_readable() const {
  return taken_ < buffer_.size() || (bytes_left_ > 0 && wait(POLLIN, read_until_));
}

bool LimitedStream::is_writable() const {
  return wait(POLLOUT, write_until_);
}

ssize_t LimitedStream::read(char* bytes, size_t size) {
  if (taken_ == buffer_.size()) {
    if (!is_readable()) return -1;
    buffer_.resize(std::min<size_t>(bytes_left_, 4096));
    taken_ = 0;
    const ssize_t number = recv(socket_, buffer_.data(), buffer_.size(), 0);
    buffer_.resize(static_cast<size_t>(std::max<ssize_t>(0, number)));
    if (number <= 0) return number;
    bytes_left_ -= buffer_.size();
  }
  const size_t number = std::min(size, buffer_.size() - taken_);
  std::memcpy(bytes, buffer_.data() + taken_, number);
  taken_ += number;
  return static_cast<ssize_t>(number);
}

ssize_t LimitedStream::write(const char* bytes, size_t size) {
  if (!is_writable()) return -1;
  return send(socket_, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
}

// Nothing is decided by who asks.
void LimitedStream::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

void LimitedStream::get_local_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

}  // namespace umm
