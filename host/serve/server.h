// The pages of an output folder over HTTP: read-only, one request for each connection.
//   /                 the sweep, or a list of them      /sweep/NAME     its report
//   /status/NAME      how its runs stand, JSON          /files/images/  its pictures
#pragma once

#include <memory>
#include <string>

#include "serve/pages.h"

namespace umm {

struct ServerOptions {
  std::string address = "127.0.0.1";
  int port = 0;       // 0: any that is free
  std::string token;  // "": none is asked for, and only names of this machine are answered
};

class PageServer {
 public:
  // Listens when it returns. InputError: the address is not of this machine, or the port is taken.
  PageServer(Pages& pages, std::filesystem::path output, ServerOptions options);
  ~PageServer();  // ends requests that are under way

  int port() const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace umm
