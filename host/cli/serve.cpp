// ummbench serve FOLDER
#include "serve/server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "cli/commands.h"
#include "serve/admission.h"
#include "train/stop.h"
#include "umm/error.h"

namespace umm::cli {
namespace {

constexpr std::chrono::milliseconds kLookForStop{50};

struct ServeArguments {
  std::string folder, bind = "127.0.0.1";
  int port = 8642;
};

// What a browser elsewhere can open.
std::string shown_name(const std::string& address) {
  char name[256] = "";
  const bool every = address == "0.0.0.0" || address == "::";
  if (every && gethostname(name, sizeof name - 1) == 0) return name;
  return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

int serve(const ServeArguments& arguments) {
  UMM_CHECK_INPUT(std::filesystem::is_directory(arguments.folder), arguments.folder,
                  ": expected the output folder of a sweep, found no folder");
  install_stop_handlers();
  const auto output = std::filesystem::canonical(arguments.folder);
  Pages pages({.output = output, .program_version = UMM_PROGRAM_VERSION});
  const std::string token = is_loopback(arguments.bind) ? "" : random_token();
  const PageServer server(pages, output, {arguments.bind, arguments.port, token});
  fmt::print("http://{}:{}/{}\n", shown_name(arguments.bind), server.port(),
             token.empty() ? "" : "?token=" + token);
  std::fflush(stdout);
  while (!stop_requested()) std::this_thread::sleep_for(kLookForStop);
  return 0;
}

}  // namespace

void add_serve(Program& program) {
  CLI::App* command = program.app.add_subcommand(
      "serve", "Shows the reports of an output folder, and how its runs stand, in a browser; read-only");
  auto arguments = std::make_shared<ServeArguments>();
  command->add_option("folder", arguments->folder, "The output folder of a sweep")->required();
  command->add_option("--port", arguments->port, "Port (default: 8642; 0: any that is free)")
      ->check(CLI::Range(0, 65535));
  command->add_option(
      "--bind", arguments->bind,
      "Address to listen on (default: 127.0.0.1). Any other than this machine's own asks for a "
      "token, which is printed; it travels unencrypted");
  command->callback([program, arguments] { program.chosen = [arguments] { return serve(*arguments); }; });
}

}  // namespace umm::cli
