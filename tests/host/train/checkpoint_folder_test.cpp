#include "train/checkpoint_folder.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/host/train/fakes.h"
#include "umm/checkpoint.h"
#include "umm/error.h"

namespace umm::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::vector<Parameter> group(Architecture& model, const std::string& name) {
  auto parameters = model.parameters();
  std::erase_if(parameters, [&](const Parameter& parameter) { return parameter.group != name; });
  return parameters;
}

void save_fresh(const fs::path& folder, FakeArchitecture& model) {
  save_checkpoint(folder, model,
                  {.stage_identity = "first", .seed = 3, .updates = 7, .trained = {}, .text_files = {}});
}

std::string problem_of(Architecture& model, const fs::path& folder) {
  try {
    load_weights(model, read_checkpoint(folder));
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(CheckpointFolder, RoundTrip) {
  TemporaryFolder folder;
  FakeArchitecture saved, loaded;
  saved.initialize(1);
  save_fresh(folder.path() / "a", saved);
  const auto checkpoint = read_checkpoint(folder.path() / "a");
  EXPECT_EQ(checkpoint.stage_identity, "first");
  EXPECT_EQ(checkpoint.seed, 3u);
  EXPECT_EQ(checkpoint.updates, 7);
  load_weights(loaded, checkpoint);
  for (size_t i = 0; i < saved.parameters().size(); ++i) {
    EXPECT_TRUE(saved.parameters()[i].value.equal(loaded.parameters()[i].value)) << i;
  }
}

TEST(CheckpointFolder, UntrainedComponentsAreNamedNotCopied) {
  TemporaryFolder folder;
  FakeArchitecture model, loaded;
  model.initialize(1);
  save_fresh(folder.path() / "a", model);
  const auto first = read_checkpoint(folder.path() / "a");
  auto trained = group(model, "head");
  trained[0].value = trained[0].value + 1;
  save_checkpoint(
      folder.path() / "b", model,
      {.stage_identity = "second", .trained = trained, .earlier = &first, .text_files = {{"note", "hi"}}});
  EXPECT_TRUE(fs::exists(folder.path() / "b/model.safetensors"));
  EXPECT_FALSE(fs::exists(folder.path() / "b/tokenizer.safetensors"));
  EXPECT_TRUE(fs::exists(folder.path() / "b/note"));

  // Both folders together can be moved.
  fs::create_directory(folder.path() / "moved");
  for (const char* name : {"a", "b"}) fs::rename(folder.path() / name, folder.path() / "moved" / name);
  const auto second = read_checkpoint(folder.path() / "moved/b");
  load_weights(loaded, second);
  EXPECT_TRUE(loaded.parameters()[0].value.equal(model.parameters()[0].value))
      << "frozen part of a trained file";
  EXPECT_TRUE(loaded.parameters()[1].value.equal(trained[0].value));
  EXPECT_TRUE(loaded.parameters()[2].value.equal(model.parameters()[2].value));
  EXPECT_NE(content_hash(first), content_hash(second));
}

TEST(CheckpointFolder, FolderWithoutManifestHoldsItsFiles) {
  TemporaryFolder folder;
  FakeArchitecture model, loaded;
  model.initialize(1);
  save_fresh(folder.path() / "a", model);
  const auto hash = content_hash(read_checkpoint(folder.path() / "a"));
  fs::remove(folder.path() / "a/checkpoint.json");
  const auto base = read_checkpoint(folder.path() / "a");
  EXPECT_EQ(content_hash(base), hash);
  load_weights(loaded, base);
  EXPECT_TRUE(loaded.parameters()[2].value.equal(model.parameters()[2].value));
}

TEST(CheckpointFolder, ListsEveryProblemAndLeavesTheModelAlone) {
  TemporaryFolder folder;
  FakeArchitecture model;
  model.initialize(1);
  const auto before = model.parameters()[1].value.clone();
  write_safetensors((folder.path() / "model.safetensors").string(),
                    {{"head.weight", at::zeros({2, 2})}, {"extra", at::zeros({1})}});
  write_safetensors((folder.path() / "tokenizer.safetensors").string(),
                    {{"table", at::zeros({5}, at::kLong)}, {"count", at::zeros({1}, at::kLong)}});
  write_safetensors((folder.path() / "other.safetensors").string(), {{"x", at::zeros({1})}});
  const auto problem = problem_of(model, folder.path());
  EXPECT_THAT(problem, HasSubstr("5 problems"));
  EXPECT_THAT(problem, HasSubstr("model.safetensors: `head.weight` has shape [2, 2], the model has [48, 8]"));
  EXPECT_THAT(problem, HasSubstr("model.safetensors: unexpected tensor `extra`"));
  EXPECT_THAT(problem, HasSubstr("model.safetensors: missing tensor `body.weight`"));
  EXPECT_THAT(problem, HasSubstr("tokenizer.safetensors: `table` is integer, the model's is floating point"));
  EXPECT_THAT(problem, HasSubstr("other.safetensors: unexpected file"));
  EXPECT_TRUE(model.parameters()[1].value.equal(before));
}

TEST(CheckpointFolder, ConvertsFloatingPointToTheModelsDtype) {
  TemporaryFolder folder;
  FakeArchitecture model, half;
  model.initialize(1);
  save_fresh(folder.path() / "a", model);
  half.parameters()[0].value.set_data(at::zeros({8, FakeArchitecture::kPixels}, at::kBFloat16));
  load_weights(half, read_checkpoint(folder.path() / "a"));
  EXPECT_TRUE(half.parameters()[0].value.equal(model.parameters()[0].value.to(at::kBFloat16)));
}

TEST(CheckpointFolder, DamageIsNamed) {
  TemporaryFolder folder;
  FakeArchitecture model;
  save_fresh(folder.path() / "a", model);
  const auto file = folder.path() / "a/tokenizer.safetensors";
  {
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(-1, std::ios::end);
    out.put('x');
  }
  EXPECT_THAT(problem_of(model, folder.path() / "a"), HasSubstr("tokenizer.safetensors: damaged or changed"));
  fs::remove(file);
  EXPECT_THAT(problem_of(model, folder.path() / "a"), HasSubstr("tokenizer.safetensors: not there"));
  std::ofstream(folder.path() / "a/checkpoint.json") << "{\"format\": 1}";
  EXPECT_THAT(problem_of(model, folder.path() / "a"),
              HasSubstr("checkpoint.json: not a checkpoint manifest"));
  std::ofstream(folder.path() / "a/checkpoint.json") << "{\"format\": 2}";
  EXPECT_THAT(problem_of(model, folder.path() / "a"), HasSubstr("format 2 is not known here"));
  EXPECT_THAT(problem_of(model, folder.path() / "nothing"), HasSubstr("expected a checkpoint folder"));
}

TEST(CheckpointFolder, NeverOverwrites) {
  TemporaryFolder folder;
  FakeArchitecture model;
  save_fresh(folder.path() / "a", model);
  EXPECT_THROW(save_fresh(folder.path() / "a", model), Error);
  EXPECT_FALSE(fs::exists(folder.path() / ".pending-a"));
}

}  // namespace
}  // namespace umm::testing
