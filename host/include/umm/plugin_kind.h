// What a plugin can be.
#pragma once

#include <array>

#include "umm/version.h"

namespace umm {

enum class PluginKind { architecture, method, dataset, prompt_set, detector, answerer, judge, evaluator };

UMM_API const char* to_text(PluginKind kind);  // as written in specs: "prompt_set"

// Those that evaluators ask for evidence.
inline constexpr std::array kEvidenceKinds = {PluginKind::detector, PluginKind::answerer, PluginKind::judge};

}  // namespace umm
