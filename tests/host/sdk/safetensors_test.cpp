#include "umm/checkpoint.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "umm/error.h"

namespace umm {
namespace {

namespace fs = std::filesystem;

class Safetensors : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("umm_checkpoint_test_" + std::to_string(getpid()));
    fs::create_directories(folder_);
    path_ = (folder_ / "weights.safetensors").string();
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write_bytes(const std::string& header, const std::string& data) {
    std::ofstream file(path_, std::ios::binary);
    for (int byte = 0; byte < 8; ++byte) file.put(static_cast<char>(header.size() >> (8 * byte)));
    file << header << data;
  }

  std::string error_of_read() {
    try {
      read_safetensors(path_);
    } catch (const InputError& error) {
      return error.what();
    }
    return "(no error)";
  }

  fs::path folder_;
  std::string path_;
};

TEST_F(Safetensors, RoundTripKeepsNamesOrderDtypesAndBits) {
  const std::vector<NamedTensor> tensors = {{"b.weight", at::randn({3, 5})},
                                            {"a.codes", at::arange(7)},
                                            {"half", at::randn({2, 2}).to(at::kBFloat16)},
                                            {"empty", at::empty({0, 4})},
                                            {"strided", at::randn({4, 6}).t()}};
  write_safetensors(path_, tensors, {{"stage", "reca"}});
  Metadata metadata;
  const auto read = read_safetensors(path_, &metadata);
  ASSERT_EQ(read.size(), tensors.size());
  for (size_t i = 0; i < read.size(); ++i) {
    EXPECT_EQ(read[i].name, tensors[i].name);
    EXPECT_EQ(read[i].value.scalar_type(), tensors[i].value.scalar_type());
    EXPECT_TRUE(read[i].value.equal(tensors[i].value)) << read[i].name;
  }
  EXPECT_EQ(metadata.at("stage"), "reca");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()),
            1);  // no partial file left
}

TEST_F(Safetensors, EveryTruncationIsNamed) {
  write_safetensors(path_, {{"weight", at::randn({8, 8})}});
  const auto size = fs::file_size(path_);
  for (uintmax_t cut : {size - 1, size / 2, uintmax_t{9}, uintmax_t{7}, uintmax_t{0}}) {
    fs::resize_file(path_, cut);
    EXPECT_NE(error_of_read().find(path_), std::string::npos) << cut;
  }
}

TEST_F(Safetensors, DamagedHeadersAreRefused) {
  const auto entry = [](const char* shape, const char* offsets) {
    return std::string(R"({"w":{"dtype":"F32","shape":)") + shape + R"(,"data_offsets":)" + offsets + "}}";
  };
  write_bytes(entry("[2]", "[0,8]"), std::string(8, '\0'));
  EXPECT_EQ(error_of_read(), "(no error)");
  const std::pair<std::string, const char*> cases[] = {
      {entry("[2]", "[0,4]"), "do not hold"},
      {entry("[2]", "[8,0]"), "do not hold"},
      {entry("[-2]", "[0,8]"), "unsigned"},
      {entry("[4611686018427387904,8]", "[0,8]"), "too large"},
      {entry("[1]", "[4,8]"), "overlap or hole"},
      {R"({"w":3})", "expected an object"},
      {R"({"w":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}})", "unknown dtype"},
      {"[1,2]", "not a JSON object"},
      {"{", "not a JSON object"},
      {entry("[1]", "[0,4]"), "describes 4 bytes of data, the file has 8"}};
  for (const auto& [header, expected] : cases) {
    write_bytes(header, std::string(8, '\0'));
    EXPECT_NE(error_of_read().find(expected), std::string::npos) << header << ": " << error_of_read();
  }
}

TEST_F(Safetensors, WritingIntoNoFolderSaysWhy) {
  EXPECT_THROW(write_safetensors((folder_ / "absent" / "w.safetensors").string(), {{"w", at::zeros({1})}}),
               Error);
  EXPECT_THROW(write_safetensors(path_, {{"w", at::zeros({1})}, {"w", at::zeros({1})}}), Error);
  EXPECT_FALSE(fs::exists(path_));
}

}  // namespace
}  // namespace umm
