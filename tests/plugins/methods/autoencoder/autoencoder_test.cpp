#include <gmock/gmock.h>

#include "umm/testing/linked_plugin.h"
#include "../fake_architecture.h"
#include "umm/error.h"

namespace umm {
namespace {

using ::testing::ElementsAre;
using namespace testing;

TEST(Autoencoder, TrainsTheCodecsGroupsOnPicturesAlone) {
  FakeArchitecture model;
  Rng rng(1);
  const auto method = linked_method();
  const Batch batch = fake_batch(2);
  EXPECT_THAT(flow_names(*method), ElementsAre("images"));
  EXPECT_THAT(method->trained_groups(model), ElementsAre("codec"));
  const auto terms = method->loss(model, {{"images", batch}}, rng);
  ASSERT_EQ(terms.size(), 1U);
  EXPECT_EQ(terms[0].name, "codec");
  EXPECT_EQ(terms[0].weight, 1);
  EXPECT_TRUE(model.codec_images.equal(batch.images));
}

TEST(Autoencoder, SaysWhatIsMissing) {
  FakeArchitecture model;
  EmptyArchitecture unable;
  Rng rng(1);
  Batch blind = fake_batch(2);
  blind.images = Tensor();
  EXPECT_THROW(linked_method()->loss(model, {}, rng), Error);
  EXPECT_THROW(linked_method()->loss(model, {{"images", blind}}, rng), Error);
  EXPECT_THROW(linked_method()->loss(unable, {{"images", fake_batch(2)}}, rng), Error);
  EXPECT_THROW(linked_method()->trained_groups(unable), Error);
}

}  // namespace
}  // namespace umm
