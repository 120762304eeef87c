// Killed at random moments and given again, a sweep of two processes ends with the same bits: weights,
// curves, pictures, evidence, scores. More of it:  UMM_TEST_KILLS=100 UMM_TEST_SEED=7 ./test -R kill
#include <chrono>
#include <random>

#include "session.h"
#include "sweep.h"

namespace umm::testing {
namespace {

int64_t setting(const char* variable, int64_t otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::stoll(text) : otherwise;
}

struct Family {
  const char* architecture;
  int64_t num_kills;
};

class KillTest : public SweepTest, public ::testing::WithParamInterface<Family> {
 protected:
  enum Victim { everything, the_pool, one_worker };

  // kill -9. A pool's death asks its workers to stop; a worker's makes the pool start another.
  static void strike(Victim victim, const Session& session, std::mt19937_64& random) {
    auto processes = session.processes();
    if (victim == the_pool) processes = {session.first()};
    if (victim == one_worker) {
      std::erase(processes, session.first());
      if (processes.empty()) return;
      processes = {processes[random() % processes.size()]};
    }
    for (const pid_t process : processes) kill(process, SIGKILL);
  }
};

TEST_P(KillTest, TheSweepEndsWithTheSameBits) {
  write("small.toml", sweep_spec("updates = 40\ncheckpoint_every = 3", GetParam().architecture));
  const std::string arguments = "run small.toml --parallel 2";
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(run(arguments).exit_code, 0);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const auto expected = results();
  ASSERT_GT(expected.size(), 60u) << "weights and pictures";

  const int64_t wanted = setting("UMM_TEST_KILLS", GetParam().num_kills), seed = setting("UMM_TEST_SEED", 1);
  std::mt19937_64 random(static_cast<uint64_t>(seed));
  std::uniform_real_distribution<double> moment(0.05 * seconds, 0.4 * seconds);
  for (int64_t kills = 0; kills < wanted;) {
    fs::remove_all(folder_ / "out");
    for (int exit_code = 137; exit_code != 0;) {
      Session session(command(arguments), folder_ / "log.txt");
      if (kills < wanted && session.runs_for(moment(random))) {
        const Victim victims[] = {everything, everything, the_pool, one_worker};
        strike(victims[random() % 4], session, random);
        ++kills;
      }
      exit_code = session.wait();
      ASSERT_TRUE(exit_code == 0 || exit_code == 137)
          << "after kill " << kills << ": " << read_text(folder_ / "log.txt");
    }
    expect_equal(results(), expected);
    // And the database says the same when it is made again from journals.
    fs::remove(folder_ / "out/results.sqlite");
    ASSERT_EQ(run("status out").exit_code, 0);
    expect_equal(results(), expected);
  }
}

INSTANTIATE_TEST_SUITE_P(Families, KillTest, ::testing::Values(Family{"showo", 20}, Family{"harmon", 6}),
                         [](const auto& info) { return info.param.architecture; });

}  // namespace
}  // namespace umm::testing
