// An author with a sweep of a spec in several folders, and a reader who has nothing but its bundle.
#pragma once

#include <gmock/gmock.h>

#include "program.h"

namespace umm::testing {

inline constexpr const char* kRecipe = R"(schema = 1
[base]
seed = 0
[base.architecture]
use = "showo"
vocabulary = "../data/vocabulary.txt"
[base.method]
use = "sft"
[base.data.t2i]
use = "tiny_world"
batch = 2
[base.data.i2t]
use = "tiny_world"
batch = 2
[base.train]
updates = 1
lr = 1e-3
[eval.geneval]
protocol = "geneval/one"
sampling = { steps = 2 }
[eval.dpg]
protocol = "dpg/one"
sampling = { steps = 2 }
[resources]
threads = 1
)";

inline constexpr const char* kSpec = R"(schema = 1
extends = "../shared/recipe.toml"
[sweep]
name = "quickstart"
output = "runs/tiny"
[report]
tables = ["../tables/t.toml"]
[[axis]]
name = "method"
key = "method.use"
values = ["sft"]
[[axis]]
name = "seed"
key = "seed"
values = [0, 1]
replicate = true
[[reference]]
name = "base"
)";

inline constexpr const char* kProtocol = R"(schema = 1
[protocol]
prompts = "tiny_world"
prompt_options = { prompts_per_tag = 1 }
detector = "tiny_world"
images_per_prompt = 1
[protocol.evaluator]
use = "geneval"
)";

// Another benchmark with a score `overall`, as the quickstart has.
inline constexpr const char* kDenseProtocol = R"(schema = 1
[protocol]
prompts = "tiny_world_dpg"
prompt_options = { prompts = 2 }
answerer = "tiny_world"
images_per_prompt = 1
[protocol.evaluator]
use = "dpg"
)";

inline constexpr const char* kTable = R"(schema = 1
[table]
sweep = "quickstart"
[[row]]
name = "sft"
[[column]]
name = "overall"
benchmark = "geneval"
metric = "overall"
)";

inline constexpr const char* kAuthor[] = {"specs", "shared", "data", "protocols", "tables"};

// The author's folder is author/, the reader's is reader/. The sweep runs once for all tests.
class ReproduceTest : public ProgramTest {
 protected:
  static void SetUpTestSuite() {
    kept_ = fs::temp_directory_path() / ("umm_kept_" + std::to_string(getpid()));
    fs::remove_all(kept_);
  }
  static void TearDownTestSuite() { fs::remove_all(kept_); }

  void SetUp() override {
    ProgramTest::SetUp();
    if (!fs::exists(kept_)) make_sweep();
    if (HasFatalFailure()) return;
    fs::copy(kept_, folder_, fs::copy_options::recursive);
    fs::create_directories(folder_ / "reader");
  }

  void make_sweep() const {
    for (const char* folder : kAuthor) fs::create_directories(folder_ / "author" / folder);
    for (const char* benchmark : {"geneval", "dpg"})
      fs::create_directories(folder_ / "author/protocols" / benchmark);
    fs::copy(UMM_SOURCE_DIR "/experiments/tiny/vocabulary.txt", folder_ / "author/data");
    write("author/shared/recipe.toml", kRecipe);
    write("author/specs/small.toml", kSpec);
    write("author/protocols/geneval/one.toml", kProtocol);
    write("author/protocols/dpg/one.toml", kDenseProtocol);
    write("author/tables/t.toml", kTable);
    const Finished ran = in("author", "run specs/small.toml --set train.warmup=0");
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    write("author/specs/other.toml",
          "schema = 1\nextends = \"small.toml\"\n[sweep]\nname = \"other\"\noutput = \"runs/tiny\"\n");
    const Finished other = in("author", "run specs/other.toml --only 'reference=*'");
    ASSERT_EQ(other.exit_code, 0) << other.err;
    fs::create_directories(kept_);
    fs::rename(folder_ / "author", kept_ / "author");
  }

  Finished in(const std::string& place, const std::string& arguments) const {
    return run_command("export XDG_CACHE_HOME=$PWD/cache; cd " + place +
                       " && '" UMM_BINARY_DIR "/ummbench' " + arguments);
  }

  // As reader/small.tar.gz; then the author and all files are gone.
  void bundle(const std::string& arguments = "") const {
    const Finished made =
        in("author", "bundle runs/tiny --sweep quickstart -o ../reader/small.tar.gz " + arguments);
    ASSERT_EQ(made.exit_code, 0) << made.err;
    fs::remove_all(folder_ / "author");
  }

  void change(const std::string& sql) const {
    const Finished changed = run_command("sqlite3 author/runs/tiny/results.sqlite \"" + sql + "\"");
    ASSERT_EQ(changed.exit_code, 0) << changed.err;
  }

  Finished reproduce(const std::string& arguments) const {
    return in("reader", "reproduce small.tar.gz " + arguments);
  }

  // Its GenEval score.
  Finished reproduce_row(const std::string& row_and_arguments) const {
    return reproduce("--benchmark geneval --row " + row_and_arguments);
  }

 private:
  static inline fs::path kept_;
};

}  // namespace umm::testing
