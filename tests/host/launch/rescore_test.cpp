#include "evaluate/rescore.h"

#include <gmock/gmock.h>

#include "results/database.h"
#include "results/store.h"
#include "tests/host/evaluate/fake_experiment.h"
#include "tests/host/launch/run_experiment.h"

namespace umm::testing {
namespace {

TEST(Rescore, AgreesWithItselfAndFindsChanges) {
  TemporaryFolder folder;
  const auto catalogue = fake_catalogue();
  run_experiment(fake_experiment(catalogue, folder.path()), catalogue);
  const auto database = (folder.path() / "results.sqlite").string();
  const auto agreed = rescore(results::Store::open_read_only(database), catalogue);
  EXPECT_EQ(agreed.evaluations, 2);
  EXPECT_EQ(agreed.images, 18);
  EXPECT_TRUE(agreed.differences.empty());

  auto store = results::Store::open(database);
  auto forged = store.evaluations()[0];
  auto evidence = store.evidence(forged.identity);
  const auto items = store.items(forged.identity);
  auto scores = store.scores(forged.identity);
  forged.identity = std::string(64, '9');
  evidence[4].score += 0.5;
  scores[0].num_unscored = 3;
  forged.protocol_hash[0] ^= 1;
  store.put_evaluation(std::string(64, '1'), forged, items, evidence, scores, {});
  const auto report = rescore(store, catalogue);
  ASSERT_EQ(report.differences.size(), 3u);
  EXPECT_EQ(report.differences[0].what, "prompt 00001, picture 1");
  EXPECT_EQ(report.differences[1].what, "protocol");
  EXPECT_EQ(report.differences[2].what, "aggregate 0");
  EXPECT_THAT(report.differences[2].stored, ::testing::HasSubstr("3 without a score"));

  // One that cannot be scored again takes none of the others with it.
  forged.identity = std::string(64, '8');
  forged.protocol_text.replace(forged.protocol_text.find("brightness"), 10, "darkness");
  store.put_evaluation(std::string(64, '1'), forged, items, evidence, scores, {});
  const auto rest = rescore(store, catalogue);
  ASSERT_EQ(rest.failures.size(), 1u);
  EXPECT_EQ(rest.failures[0].evaluation, forged.identity);
  EXPECT_EQ(rest.evaluations, 3);
  EXPECT_EQ(rest.differences.size(), 3u);
}

}  // namespace
}  // namespace umm::testing
