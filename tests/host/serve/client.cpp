#include "tests/host/serve/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <thread>

namespace umm {

Answer ask(int port, const std::string& request, std::chrono::milliseconds between_parts) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("no connection");
  const timeval patience{20, 0};
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  const size_t step = between_parts.count() > 0 ? 1 : 65'536;
  for (size_t at = 0; at < request.size(); at += step) {
    if (send(socket, request.data() + at, std::min(step, request.size() - at), MSG_NOSIGNAL) < 0) break;
    if (between_parts.count() > 0) std::this_thread::sleep_for(between_parts);
  }
  std::string all;
  char part[65'536];
  for (ssize_t size = 0; (size = recv(socket, part, sizeof part, 0)) > 0;)
    all.append(part, static_cast<size_t>(size));
  close(socket);
  Answer answer;
  const size_t end = all.find("\r\n\r\n");
  if (end == std::string::npos) return answer;
  answer.head = all.substr(0, end + 2);
  answer.body = all.substr(end + 4);
  answer.status = std::atoi(all.c_str() + all.find(' '));
  return answer;
}

Answer get(int port, const std::string& target, const std::string& headers) {
  return ask(port, "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
}

}  // namespace umm
