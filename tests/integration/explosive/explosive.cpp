// A method that throws in the middle of training, in each way that plugin code may, and a judge that gives no
// answer.
#include <c10/util/Exception.h>

#include <cstdlib>
#include <new>
#include <stdexcept>

#include "umm/umm.h"

namespace umm {
namespace {

class Explosive final : public Method {
 public:
  explicit Explosive(const Options& options) : thrown_(options.text("throws")) {}

  std::vector<Flow> flows() const override { return {{"t2i", "pictures and captions"}}; }

  std::vector<LossTerm> loss(Architecture&, const std::map<std::string, Batch>&, Rng&) override {
    if (thrown_ == "number") throw 7;
    if (thrown_ == "memory") throw std::bad_alloc();
    if (thrown_ == "standard") throw std::runtime_error("a table has no row 7");
    if (thrown_ == "input") throw InputError("this caption is no caption");
    TORCH_CHECK(thrown_ != "libtorch", "sizes 3 and 4 do not fit");
    throw Error("an error of its own");
  }

 private:
  std::string thrown_;
};

// Until somebody sets the variable.
class Silent final : public Judge {
 public:
  std::string version() const override { return "1"; }
  int64_t max_parallel() const override { return 1; }
  JudgeReply ask(const JudgeRequest&) override {
    if (std::getenv("UMM_TEST_JUDGE_SPEAKS") == nullptr)
      return {.status = ReplyStatus::failed, .error = "nobody is there"};
    return {.text = "Consistency: 2\nRealism: 2\nAesthetic Quality: 2", .finish_reason = "stop"};
  }
};

void register_plugins(Registry& registry) {
  registry.add(
      {.kind = PluginKind::judge,
       .id = "silent",
       .doc = "Gives no answer.",
       .make_judge = [](const Options&, const JudgeConnection&) { return std::make_unique<Silent>(); }});
  registry.add(
      {.kind = PluginKind::method,
       .id = "explosive",
       .doc = "Throws while computing the loss.",
       .options = OptionSchema().choice(
           "throws", "error", {"error", "input", "libtorch", "memory", "number", "standard"}, "what"),
       .needs = [](const Options&) { return std::vector<std::string>{}; },
       .make_method = [](const Options& options) { return std::make_unique<Explosive>(options); }});
}

}  // namespace
}  // namespace umm

UMM_PLUGIN(umm::register_plugins)
