// A judge behind any server that speaks OpenAI's chat completions: OpenAI, Azure, vLLM, llama.cpp and others.
// Options are what can change a reply; where the server is and what it may cost is in [resources.judge].
#include "client.h"
#include "umm/umm.h"

namespace umm::openai {
namespace {

// Limits are those of the process, which may evaluate several times.
std::shared_ptr<Ledger> ledger_of_process() {
  static const auto ledger = std::make_shared<Ledger>();
  return ledger;
}

OptionSchema schema() {
  OptionSchema schema;
  Settings::declare(schema);
  return schema;
}

void register_plugins(Registry& registry) {
  registry.add(
      {.kind = PluginKind::judge,
       .id = "openai",
       .doc = "A model behind any server that speaks OpenAI's chat completions, or its stored replies.",
       .options = schema(),
       .make_judge = [](const Options& options, const JudgeConnection& connection) {
         const Settings settings = Settings::from(options);
         if (!connection.replay_only) expect_askable(settings, connection);
         return std::make_unique<Client>(settings, connection, ledger_of_process());
       }});
}

}  // namespace
}  // namespace umm::openai

UMM_PLUGIN(umm::openai::register_plugins)
