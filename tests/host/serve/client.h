// A client that sends what it is told, byte for byte.
#pragma once

#include <chrono>
#include <string>

namespace umm {

struct Answer {
  int status = 0;  // 0: the server closed without one
  std::string head, body;
};

Answer ask(int port, const std::string& request,
           std::chrono::milliseconds between_parts = std::chrono::milliseconds(0));

// "GET <target>" as a browser on this machine sends it, with more header lines.
Answer get(int port, const std::string& target, const std::string& headers = "");

}  // namespace umm
