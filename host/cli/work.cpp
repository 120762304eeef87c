// ummbench work OUTPUT RUN STARTER: one process works on one run. `ummbench run` starts these; it is not
// meant for people.
#include <unistd.h>

#include "cli/commands.h"
#include "launch/submission.h"
#include "launch/worker.h"
#include "launch/worker_process.h"
#include "loader/catalogue.h"
#include "train/stop.h"

namespace umm::cli {
namespace {

struct WorkArguments {
  std::string output, run;
  int starter = 0;
};

int work(const WorkArguments& arguments) {
  install_stop_handlers();
  stop_with_starter(arguments.starter);
  const auto file = frozen_run_file(arguments.output, arguments.run);
  Probe probe(Probe::default_memory());
  const Catalogue catalogue = Catalogue::load(frozen_plugins(file), probe);
  const RunConfig run = frozen_run(file, catalogue);
  return work_on(run, catalogue, {arguments.output, UMM_PROGRAM_VERSION});
}

}  // namespace

void add_work(Program& program) {
  CLI::App* command = program.app.add_subcommand("work", "Works on one run, as `ummbench run` tells it to");
  command->group("");  // not in the help
  auto arguments = std::make_shared<WorkArguments>();
  command->add_option("output", arguments->output)->required();
  command->add_option("run", arguments->run)->required();
  command->add_option("starter", arguments->starter)->required();
  command->callback([program, arguments] { program.chosen = [arguments] { return work(*arguments); }; });
}

}  // namespace umm::cli
