// The connection that [resources.judge] describes, with its key.
#pragma once

#include <filesystem>

#include "spec/experiment.h"
#include "umm/evidence.h"

namespace umm {

// `output`: folder of the sweep; replies are kept in `judge_replies` there. InputError, which never holds the
// key, where the variable is not set or the file cannot be read. A process that holds a key leaves no core
// dump.
JudgeConnection judge_connection(const JudgeServerConfig& server, const std::filesystem::path& output);

// InputError where there would be no key. It is looked for and not read: what is lacking shows long before it
// is needed.
void expect_key(const JudgeServerConfig& server);

// The connection without its key.
JudgeConnection connection_without_key(const JudgeServerConfig& server, const std::filesystem::path& output);

}  // namespace umm
