// A connection that asks for little and does not take forever.
#pragma once

#include <httplib.h>

#include <atomic>
#include <chrono>
#include <string>

namespace umm {

// Rationale: httplib 0.11 reads as many headers as are sent, and waits anew for each byte. Behind this stream
// a request ends at `most_bytes`, and all of it, with its answer, at a deadline.
class LimitedStream : public httplib::Stream {
 public:
  LimitedStream(socket_t socket, size_t most_bytes, std::chrono::milliseconds for_request,
                std::chrono::milliseconds for_answer, const std::atomic<bool>& stop);

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* bytes, size_t size) override;
  using Stream::write;
  ssize_t write(const char* bytes, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

 private:
  using Clock = std::chrono::steady_clock;
  bool wait(short events, Clock::time_point until) const;

  socket_t socket_;
  const std::atomic<bool>& stop_;
  size_t bytes_left_;
  Clock::time_point read_until_, write_until_;
  std::string buffer_;
  size_t taken_ = 0;  // of buffer_
};

}  // namespace umm
