#include "bundle/reader_judge.h"

#include "spec/resources.h"
#include "umm/error.h"

namespace umm {
namespace {

// One that is part of a plugin has no server.
bool asks_server(const EvaluationConfig& evaluation, const JudgeServerConfig& author) {
  return evaluation.providers.contains(PluginKind::judge) && (!author.url.empty() || author.replay_only);
}

}  // namespace

void check(const ReaderJudge& judge) {
  UMM_CHECK_INPUT(judge.key_variable.empty() || spec::is_variable_name(judge.key_variable),
                  "--judge-key-variable: expected the name of a variable that holds the key, as "
                  "OPENAI_API_KEY; what was found is not shown, for it may be the key");
  UMM_CHECK_INPUT(spec::is_keyless_url(judge.url),
                  "--judge: expected the base URL of a server without user, query and fragment, as "
                  "http://localhost:8000/v1 (Azure's ?api-version=... may stand behind it); a key is named "
                  "with --judge-key-variable. What was found is not shown, for it may hold the key");
}

void choose_judge(const ReaderJudge& judge, RunConfig& run) {
  JudgeServerConfig& server = run.resources.judge;
  for (const auto& evaluation : run.evaluations)
    UMM_CHECK_INPUT(!judge.url.empty() || !asks_server(evaluation, server), run.name, ": ", evaluation.name,
                    " asks a judge, and where it is reached is the reader's to say: give --judge URL, and "
                    "--judge-key-variable NAME where it wants a key (docs/judges.md)");
  server.url = judge.url;
  server.key_variable = judge.key_variable;
  server.key_file.clear();
  server.replay_only = false;
}

}  // namespace umm
