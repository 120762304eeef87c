// What `ummbench run` lays down: the sweep, and for each run the file that its process reads.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "launch/freeze.h"
#include "loader/catalogue.h"
#include "process/claim.h"
#include "spec/experiment.h"

namespace umm {

// Architecture of runs that `ummbench score` adds: whoever made the pictures.
inline constexpr const char* kExternal = "external";

// The right to change the output folder's sweeps: a file is read, changed and written by one process at a
// time. Waits for another one, and says for whom; nullopt: stopped by request meanwhile.
std::optional<Claim> claim_sweeps(const Experiment& experiment);

// Writes `<output>/sweeps/<name>.json`. Rows that `ummbench score` added stay; InputError where the spec has
// a row of the same name. Nothing is written where claim_sweeps() was stopped.
void submit_sweep(const Experiment& experiment, const Catalogue& catalogue,
                  const std::string& program_version);

// Adds runs of `kExternal` to those of the sweep that are there, in place of those of the same label and
// protocol, which is logged; where the rest comes from stays. InputError as check_beside(). [holding
// claim_sweeps()]
void submit_beside(const Experiment& experiment, const Catalogue& catalogue,
                   const std::string& program_version);

// InputError: a run that the sweep trains has the label of one to add, or the sweep's file is damaged. To be
// asked before anything is spent.
void check_beside(const Experiment& experiment);

// `<output>/runs/<identity>/run.json`: the resolved run, and the libraries to run it with.
std::filesystem::path frozen_run_file(const std::filesystem::path& output, const std::string& run_identity);
void freeze_run(const RunConfig& run, const std::filesystem::path& output, const Catalogue& catalogue,
                const FrozenProgram& program);

// Read in two steps, for the libraries come before the options that they declare. InputError names the file.
std::vector<std::filesystem::path> frozen_plugins(const std::filesystem::path& file);
RunConfig frozen_run(const std::filesystem::path& file, const Catalogue& catalogue);

// InputError: a file or folder that the run reads is not what it was when its identity was made.
void check_inputs(const RunConfig& run);

}  // namespace umm
