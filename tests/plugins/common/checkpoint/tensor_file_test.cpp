// Files that tests/parity/checkpoint/make_files.py wrote with torch and safetensors.
#include "checkpoint/tensor_file.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "umm/error.h"

namespace umm::checkpoint {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const fs::path kFolder = fs::path(UMM_SOURCE_DIR) / "tests/data/checkpoint";
constexpr const char* kExecuted = "/tmp/umm_pickle_was_executed";  // what the hostile files would create

std::map<std::string, Tensor> read_all(const std::string& name) {
  const auto file = open_tensor_file((kFolder / name).string());
  std::map<std::string, Tensor> values;
  for (size_t i = 0; i < file->tensors().size(); ++i) {
    const auto& info = file->tensors()[i];
    const Tensor value = file->read(i);
    EXPECT_EQ(value.sizes().vec(), info.shape) << info.name;
    EXPECT_EQ(value.scalar_type(), info.dtype) << info.name;
    EXPECT_TRUE(value.is_contiguous()) << info.name;
    EXPECT_TRUE(values.emplace(info.name, value).second) << info.name;
  }
  return values;
}

std::string error_of(const fs::path& path) {
  try {
    const auto file = open_tensor_file(path.string());
    for (size_t i = 0; i < file->tensors().size(); ++i) file->read(i);
  } catch (const InputError& error) {
    return error.what();
  }
  return "(no error)";
}

class WellFormed : public testing::TestWithParam<const char*> {};

TEST_P(WellFormed, HoldsTheTensorsThatWereSaved) {
  const auto values = read_all(GetParam());
  const Tensor base = at::arange(24, at::kFloat);
  const std::map<std::string, Tensor> expected = {
      {"model.weight", (at::arange(12, at::kFloat) / 8 - 0.5).view({3, 4})},
      {"model.half", at::tensor({1.5F, -2.25F}).to(at::kHalf)},
      {"model.brain", at::tensor({0.125F, 3.0F}).view({1, 2}).to(at::kBFloat16)},
      {"model.transposed", base.slice(0, 0, 6).view({2, 3}).t()},
      {"model.slice", base.slice(0, 8, 12)},
      {"model.shared", base},
      {"model.count", at::scalar_tensor(7, at::kLong)},
      {"model.flags", at::tensor({1, 0}).to(at::kBool)},
      {"model.empty", at::zeros({0, 3})},
      {"model.parameter", at::tensor({4.0F})}};
  ASSERT_EQ(values.size(), expected.size());
  for (const auto& [name, value] : expected) {
    ASSERT_TRUE(values.contains(name)) << name;
    EXPECT_TRUE(values.at(name).equal(value)) << name << ": " << values.at(name);
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, WellFormed,
                         testing::Values("zip.pt", "zip_nested.pt", "stream_nested.pt", "plain.safetensors",
                                         "a.safetensors.index.json"));

TEST(TensorFile, OneEntryDictionariesAreRead) {
  const auto values = read_all("zip_one_entry.pt");
  ASSERT_EQ(values.size(), 1U);
  EXPECT_EQ(values.at("only").item<float>(), 1);
}

TEST(TensorFile, HostileFilesExecuteNothingAndAreNamed) {
  fs::remove(kExecuted);
  int num_files = 0;
  for (const auto& entry : fs::directory_iterator(kFolder / "hostile")) {
    const std::string error = error_of(entry.path());
    EXPECT_THAT(error, HasSubstr(entry.path().string())) << error;
    ++num_files;
  }
  EXPECT_GE(num_files, 30);
  EXPECT_FALSE(fs::exists(kExecuted));
}

TEST(TensorFile, RefusalsSayWhat) {
  const std::pair<const char*, const char*> cases[] = {
      {"pickle_system.pt", "it imports `os.system`"},
      {"pickle_getattr_chain.pt", "it imports `builtins.getattr`"},
      {"pickle_torch_load.pt", "it imports `torch.load`"},
      {"pickle_newobj.pt", "opcode 0x81 (NEWOBJ)"},
      {"pickle_inst.pt", "opcode 0x69 (INST)"},
      {"pickle_stack_global.pt", "pickle protocol 4"},
      {"pickle_call_dtype.pt", "it calls `torch.FloatStorage`"},
      {"pickle_storage_view.pt", "a view of another"},
      {"pickle_huge_text.pt", "truncated: 4294967295 more bytes expected"},
      {"pickle_beyond_storage.pt", "reaches beyond its storage of 2 elements"},
      {"pickle_expanded.pt", "reaches beyond its storage"},
      {"pickle_self_dictionary.pt", "nested more than 8 deep"},
      {"pickle_billion_laughs.pt", "more than 1000000 entries"},
      {"pickle_no_stop.pt", "truncated"},
      {"zip_truncated.pt", "not a whole zip archive"},
      {"zip_wrong_checksum.pt", "`archive/data/0`: damaged"},
      {"zip_duplicate_entry.pt", "not a whole zip archive: File already exists"},
      {"zip_bomb.pt", "is compressed"},
      {"zip_short_storage.pt", "has 4 bytes, expected 8"},
      {"zip_missing_storage.pt", "`archive/data/0` is missing"},
      {"zip_big_endian.pt", "big-endian"},
      {"stream_truncated.pt", "the file has room for 1"},
      {"stream_missing_key.pt", "storage 0 is missing"},
      {"stream_machine_calls.pt", "it imports `os.system`"}};
  for (const auto& [name, reason] : cases)
    EXPECT_THAT(error_of(kFolder / "hostile" / name), HasSubstr(reason)) << name;
}

TEST(TensorFile, EveryTruncationOfAZipOrAStreamIsNamed) {
  const fs::path cut = fs::temp_directory_path() / ("umm_truncated_" + std::to_string(getpid()));
  for (const char* name : {"zip_nested.pt", "stream_nested.pt"}) {
    const auto size = fs::file_size(kFolder / name);
    for (uintmax_t length = 1; length < size; length += 1 + size / 97) {
      fs::copy_file(kFolder / name, cut, fs::copy_options::overwrite_existing);
      fs::resize_file(cut, length);
      EXPECT_THAT(error_of(cut), HasSubstr(cut.string())) << name << " cut to " << length;
    }
  }
  fs::remove(cut);
}

TEST(TensorFile, ShardsMustMatchTheirIndex) {
  const fs::path folder = fs::temp_directory_path() / ("umm_shards_" + std::to_string(getpid()));
  fs::create_directories(folder);
  for (const char* name : {"a-00001.safetensors", "a-00002.safetensors"})
    fs::copy_file(kFolder / name, folder / name);
  const fs::path index = folder / "x.index.json";
  const std::pair<const char*, const char*> cases[] = {
      {"{", "expected a JSON object"},
      {R"({"weight_map": {"w": "../a-00001.safetensors"}})", "beside the index"},
      {R"({"weight_map": {"w": "none.safetensors"}})", "none.safetensors"},
      {R"({"weight_map": {"model.brain": "a-00001.safetensors"}})", "which the index lacks"}};
  for (const auto& [text, reason] : cases) {
    std::ofstream(index) << text;
    EXPECT_THAT(error_of(index), HasSubstr(reason)) << text;
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace umm::checkpoint
