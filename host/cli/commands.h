// The sub-commands. Each adds itself to the program and, when chosen, runs and returns an exit code:
// 0 ok, 1 a run failed or was not started, 2 wrong input, 75 (kStopped) stopped by request.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "results/store.h"
#include "umm/error.h"

namespace umm::cli {

// EX_TEMPFAIL of sysexits.h, by which batch systems know that the same command goes on later.
inline constexpr int kStopped = 75;

// `reproduce` alone: all went well, and the number is another one.
inline constexpr int kOutside = 3;

struct Program {
  CLI::App& app;
  std::vector<std::string>& plugin_places;  // --plugins: they come before the default folders
  std::function<int()>& chosen;             // set by the sub-command that was parsed
};

// Errors of a database are the user's to solve.
template <typename Action>
auto as_input(Action action) {
  try {
    return action();
  } catch (const results::StoreError& error) {
    throw InputError(error.what());
  }
}

void add_plan(Program& program);
void add_run(Program& program);
void add_retry(Program& program);
void add_status(Program& program);
void add_work(Program& program);
void add_explain(Program& program);
void add_table(Program& program);
void add_rescore(Program& program);
void add_score(Program& program);
void add_protocol(Program& program);
void add_db(Program& program);
void add_report(Program& program);
void add_bundle(Program& program);
void add_reproduce(Program& program);
void add_serve(Program& program);
void add_plugin(Program& program);
void add_plugin_check(Program& program, CLI::App& plugin);
void add_plugin_new(Program& program, CLI::App& plugin);
void add_export(Program& program);
void add_generate(Program& program);

}  // namespace umm::cli
