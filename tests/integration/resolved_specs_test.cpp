// What each spec in experiments resolves to, setting by setting, is a file in tests/data/spec: a change of
// the reader, of a default or of a recipe shows there.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "loader/catalogue.h"
#include "program.h"
#include "spec/read.h"

namespace umm {
namespace {

namespace fs = std::filesystem;

const fs::path kExperiments = UMM_SOURCE_DIR "/experiments";
const fs::path kProtocols = kExperiments / "protocols";  // no specs: what these name
const fs::path kTables = kExperiments / "paper/tables";  // nor are recipes of tables
const fs::path kGolden = UMM_SOURCE_DIR "/tests/data/spec";

// Downloads that published recipes name. Reading a spec does not look into them.
constexpr const char* kDownloads[] = {"weights/phi-1_5/x",  "weights/qwen2_5/x", "weights/256_clip/x",
                                      "weights/512_clip/x", "weights/512_vq/x",  "weights/0.5b/x",
                                      "weights/1.5b/x",     "data/recon.jsonl",  "data/i2t.jsonl"};

using Lines = std::set<std::string>;

// Paths below `root`, in options and else, as they are seen from the spec's folder.
class Settings {
 public:
  Settings(fs::path root, fs::path folder) : root_(std::move(root)), folder_(std::move(folder)) {}

  void add(const std::string& key, const std::string& value) { lines_.insert(key + " = " + value); }

  void add(const std::string& key, const PluginUse& use) {
    add(key, use.id);
    add(key, use.options);
  }

  void add(const std::string& key, const Options& options) {
    for (const auto& [name, value] : options.values()) add(key + "." + name, relative(to_text(value)));
  }

  std::string relative(const std::string& text) const {
    if (!text.starts_with(root_.string() + "/")) return text;
    return fs::path(text).lexically_normal().lexically_relative(folder_).string();
  }

  const Lines& lines() const { return lines_; }

 private:
  fs::path root_, folder_;
  Lines lines_;
};

// Of a stage's canonical text only what is no plugin, file or stage before: those stand there as hashes.
void add_training(Settings& settings, const std::string& prefix, const StageConfig& stage) {
  std::istringstream canonical(stage.canonical);
  for (std::string line; std::getline(canonical, line);) {
    const auto equals = line.find(" = ");
    if (line.starts_with("train.")) settings.add(prefix + line.substr(0, equals), line.substr(equals + 3));
  }
  settings.add(prefix + "train.checkpoint_every", std::to_string(stage.train.checkpoint_every_updates));
}

Lines lines_of(const RunConfig& run, const fs::path& root, const fs::path& folder) {
  Settings settings(root, folder);
  settings.add("seed", std::to_string(run.seed));
  settings.add("architecture", run.architecture);
  settings.add("architecture.base", settings.relative(run.base));
  settings.add("resources.device", run.resources.device);
  settings.add("resources.threads", std::to_string(run.resources.threads));
  settings.add("resources.gpus", std::to_string(run.resources.gpus));
  settings.add("resources.gpu_model", spec::join(run.resources.gpu_models));
  settings.add("resources.time", to_text(run.resources.time_limit_seconds) + " s");
  for (const auto& [path, hash] : run.inputs) settings.add("input", settings.relative(path));
  for (const std::string& awaited : run.awaits) settings.add("awaits", awaited);
  for (size_t i = 0; i < run.stages.size(); ++i) {
    const StageConfig& stage = run.stages[i];
    settings.add("stage " + std::to_string(i + 1), stage.name);
    const std::string prefix = "stage " + std::to_string(i + 1) + ": ";
    settings.add(prefix + "method", stage.method);
    for (const auto& [name, flow] : stage.flows) {
      settings.add(prefix + "data." + name, flow.dataset);
      settings.add(prefix + "data." + name + ".batch", std::to_string(flow.batch_size));
    }
    add_training(settings, prefix, stage);
  }
  for (const EvaluationConfig& evaluation : run.evaluations) {
    const std::string prefix = "eval." + evaluation.name + ".";
    settings.add(prefix + "evaluator", evaluation.evaluator);
    settings.add(prefix + "prompts", evaluation.prompt_set);
    settings.add(prefix + "prompt_file", settings.relative(evaluation.prompt_file));
    for (const auto& [kind, use] : evaluation.providers) settings.add(prefix + to_text(kind), use);
    settings.add(prefix + "sampling", evaluation.sampling);
    settings.add(prefix + "images_per_prompt", std::to_string(evaluation.images_per_prompt));
    settings.add(prefix + "batch", std::to_string(evaluation.batch_size));
    settings.add(prefix + "seed", std::to_string(evaluation.seed));
    settings.add(prefix + "weights", evaluation.weights);
    settings.add(prefix + "protocol", evaluation.protocol_hash);
  }
  return settings.lines();
}

// The first run whole, of each other what differs from the one before.
std::string resolved(const Experiment& experiment, const fs::path& root, const fs::path& folder) {
  std::string text = "sweep " + experiment.name + " in " + experiment.output + "\n";
  Lines before;
  for (const RunConfig& run : experiment.runs) {
    text += "\nrun " + run.name + (run.reference ? "  (reference)" : "") + "\n";
    const Lines now = lines_of(run, root, folder);
    for (const std::string& line : before)
      if (!now.contains(line)) text += "- " + line + "\n";
    for (const std::string& line : now)
      if (!before.contains(line)) text += (before.empty() ? "" : "+ ") + line + "\n";
    before = now;
  }
  return text;
}

std::vector<fs::path> specs() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(kExperiments))
    if (entry.path().extension() == ".toml" && entry.path().parent_path() != kTables &&
        !entry.path().string().starts_with(kProtocols.string()))
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string name_of(const fs::path& spec) {
  std::string name = spec.lexically_relative(kExperiments).replace_extension().string();
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

class ResolvedSpecsTest : public ::testing::TestWithParam<fs::path> {
 public:
  static const Catalogue& plugins() {
    static const Catalogue catalogue = Catalogue::load({fs::path(UMM_BINARY_DIR) / "plugins"});
    return catalogue;
  }

 protected:
  // A copy of all of experiments: specs name files of each other's folders.
  void SetUp() override {
    root_ = fs::temp_directory_path() / ("umm_resolved_" + std::to_string(getpid()));
    fs::remove_all(root_);
    fs::create_directories(root_);
    testing::copy_experiments(kExperiments, root_ / "experiments");
    folder_ = root_ / "experiments" / GetParam().lexically_relative(kExperiments).parent_path();
    for (const char* download : kDownloads) {
      fs::create_directories((folder_ / download).parent_path());
      std::ofstream(folder_ / download) << "x";
    }
  }
  void TearDown() override { fs::remove_all(root_); }

  fs::path root_, folder_;
};

TEST_P(ResolvedSpecsTest, IsTheFile) {
  const auto files = spec::read_files((folder_ / GetParam().filename()).string());
  const std::string text = resolved(read_experiment(files, {}, plugins()), root_, folder_);
  const fs::path golden = kGolden / (name_of(GetParam()) + ".txt");
  if (std::getenv("UMM_WRITE_GOLDEN") != nullptr) std::ofstream(golden) << text;
  EXPECT_EQ(text, testing::read_text(golden))
      << golden.string()
      << " says what this spec resolved to so far. If the change is meant:\n"
         "  UMM_WRITE_GOLDEN=1 " UMM_BINARY_DIR
         "/tests/integration_resolved_specs_test; git diff tests/data/spec";
}

INSTANTIATE_TEST_SUITE_P(Specs, ResolvedSpecsTest, ::testing::ValuesIn(specs()),
                         [](const auto& info) { return name_of(info.param); });

// The shipped protocols, named by a spec of the tiny world.
class ShippedProtocols : public ::testing::Test {
 protected:
  ShippedProtocols() {
    fs::remove_all(folder_);
    fs::copy(kExperiments / "tiny", folder_, fs::copy_options::recursive);
    testing::copy_experiments(kProtocols, folder_ / "protocols");
  }
  ~ShippedProtocols() override { fs::remove_all(folder_); }

  RunConfig first_run(const std::string& name, const std::string& more = "") const {
    const fs::path spec = folder_ / "named.toml";
    std::ofstream(spec) << "schema = 1\nextends = \"quickstart.toml\"\n[eval.geneval]\nprotocol = \"" << name
                        << "\"\n"
                        << more;
    return read_experiment(spec::read_files(spec.string()), {}, ResolvedSpecsTest::plugins()).runs.at(0);
  }

  fs::path folder_ = fs::temp_directory_path() / ("umm_protocols_" + std::to_string(getpid()));
};

TEST_F(ShippedProtocols, TheTinyOneIsTheQuickstarts) {
  const auto files = spec::read_files((folder_ / "quickstart.toml").string());
  const RunConfig quickstart = read_experiment(files, {}, ResolvedSpecsTest::plugins()).runs.at(0);
  EXPECT_EQ(first_run("geneval/tiny-4x").identity, quickstart.identity);
}

TEST_F(ShippedProtocols, ThePublishedOnesWaitForTheirPromptsAndDetector) {
  const std::string awaits =
      "[awaits]\nplugins = [\"mask2former\"]\nfiles = [\"protocols/geneval/evaluation_metadata.jsonl\"]\n";
  for (const auto& [name, images] : std::map<std::string, int64_t>{{"official-4x", 4}, {"reca-12x", 12}}) {
    const RunConfig run = first_run("geneval/" + name, awaits);
    EXPECT_EQ(run.evaluations.at(0).images_per_prompt, images);
    EXPECT_EQ(run.awaits.size(), 2u);
  }
}

TEST(ResolvedSpecs, EveryFileHasItsSpec) {
  std::set<std::string> names;
  for (const fs::path& spec : specs()) names.insert(name_of(spec));
  for (const auto& entry : fs::directory_iterator(kGolden))
    EXPECT_TRUE(names.contains(entry.path().stem().string())) << entry.path() << " is of no spec; remove it";
}

}  // namespace
}  // namespace umm
