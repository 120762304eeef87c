// judge_asker URL FOLDER COUNT SCRIPT: asks COUNT requests of eight threads, each answered after some
// milliseconds, with the key that JUDGE_KEY holds, and prints what comes of it. SCRIPT is a JSON list for the
// fake server.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "client.h"
#include "umm/error.h"

namespace umm::openai {
namespace {

int ask_all(const JudgeConnection& connection, int count, const std::string& script) {
  const Patience patience{.tries = 3, .base_seconds = 0.002, .cap_seconds = 0.02};
  Client client({.model = "m"}, connection, std::make_shared<Ledger>(), patience);
  std::atomic<int> next = 0, answered = 0;
  const auto work = [&] {
    for (int id = next++; id < count; id = next++) {
      const std::string words =
          R"({"id": )" + std::to_string(id) + R"(, "milliseconds": 2, "script": )" + script + "}";
      try {
        const JudgeReply reply = client.ask({.parts = {{.text = words}}});
        std::printf("%s: %s%s\n", to_text(reply.status), reply.text.c_str(), reply.error.c_str());
        answered += reply.status == ReplyStatus::answered;
      } catch (const Error& error) {
        std::printf("%s\n", error.what());
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) threads.emplace_back(work);
  }
  return answered == count ? 0 : 1;
}

}  // namespace
}  // namespace umm::openai

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const char* key = std::getenv("JUDGE_KEY");
  return umm::openai::ask_all({.url = argv[1], .key = key != nullptr ? key : "", .folder = argv[2]},
                              std::atoi(argv[3]), argv[4]);
}
