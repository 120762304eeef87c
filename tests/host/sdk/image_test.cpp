#include "umm/image.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "umm/batch.h"
#include "umm/capabilities.h"
#include "umm/error.h"

namespace umm {
namespace {

namespace fs = std::filesystem;

TEST(Image, PngRoundTripAndDamage) {
  const fs::path folder = fs::temp_directory_path() / ("umm_image_test_" + std::to_string(getpid()));
  fs::create_directories(folder);
  const std::string path = (folder / "picture.png").string();
  Image image = make_image(7, 5);
  for (size_t i = 0; i < image.rgb.size(); ++i) image.rgb[i] = static_cast<uint8_t>(i * 37);
  write_png(path, image);
  EXPECT_EQ(read_png(path).rgb, image.rgb);
  EXPECT_EQ(read_png(path).width, 7);
  fs::resize_file(path, fs::file_size(path) - 20);
  EXPECT_THROW(read_png(path), InputError);
  std::ofstream(path) << "not a picture";
  EXPECT_THROW(read_png(path), InputError);
  EXPECT_THROW(read_png((folder / "absent.png").string()), InputError);
  EXPECT_THROW(write_png((folder / "absent" / "a.png").string(), image), Error);
  fs::remove_all(folder);
}

TEST(Image, TensorsAreClampedAndTruncated) {
  const Tensor chw =
      at::tensor({-2.0, -1.0, 0.0, 0.5, 1.0, 3.0}).reshape({1, 1, 6}).expand({3, 1, 6}).to(at::kFloat);
  const Image image = image_from_tensor(chw);
  const uint8_t expected[] = {0, 0, 127, 191, 255, 255};
  for (int x = 0; x < 6; ++x) EXPECT_EQ(image.pixel(x, 0)[1], expected[x]) << x;
  EXPECT_NEAR(tensor_from_image(image)[0][0][3].item<float>(), 191 / 127.5 - 1, 1e-6);
  EXPECT_THROW(image_from_tensor(at::zeros({1, 4, 4})), Error);
}

Sample sample_of(const Tensor& image, const std::string& caption = "") {
  Sample sample;
  sample.image = image;
  sample.caption = caption;
  return sample;
}

TEST(Batch, CollateStacksAndRefusesMixedSizes) {
  const Batch batch = collate({sample_of(at::zeros({3, 4, 4}), "a"), sample_of(at::ones({3, 4, 4}))});
  EXPECT_EQ(batch.images.sizes(), (std::vector<int64_t>{2, 3, 4, 4}));
  EXPECT_EQ(batch.size(), 2);
  EXPECT_EQ(batch.captions[0], "a");
  EXPECT_FALSE(batch.source_images.defined());
  EXPECT_THROW(collate({sample_of(at::zeros({3, 4, 4})), sample_of(at::zeros({3, 4, 5}))}), Error);
  EXPECT_THROW(collate({sample_of(at::zeros({3, 4, 4})), Sample{}}), Error);
}

TEST(TokenLoss, MeanIsOverTokensPerSampleIsOverEach) {
  const TokenLoss loss{at::tensor({6.0, 1.0, 0.0}), at::tensor({3.0, 1.0, 0.0})};
  EXPECT_DOUBLE_EQ(loss.mean().item<double>(), 7.0 / 4.0);
  EXPECT_TRUE(loss.per_sample().equal(at::tensor({2.0, 1.0, 0.0})));
}

TEST(Condition, DescribesItself) {
  const Tensor image = at::zeros({1, 3, 4, 4});
  EXPECT_EQ(describe({}), "[]");
  EXPECT_EQ(describe({{encoded_image_segment(image, "clip"), text_segment({"a"})}}),
            "[encoded_image via clip, text]");
  EXPECT_EQ(describe({{generation_image_segment(image)}}), "[generation_image]");
}

}  // namespace
}  // namespace umm
