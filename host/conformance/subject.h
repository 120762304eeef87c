// A plugin under check, made small, and what the other plugins lend it: data, prompts, a detector, models.
// B samples
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "loader/catalogue.h"
#include "umm/umm.h"

namespace umm::conformance {

inline constexpr int64_t kBatchSize = 2;

// Defaults, except that `preset` is "tiny" where that is a choice, and that a path without a default is the
// tiny world's file or folder of the option's name: "vocabulary" -> tiny/vocabulary.txt. `values` go over
// both. Throws InputError on unfit values; one that is no option of this plugin is passed over.
Options small_options(const PluginEntry& entry, const std::filesystem::path& tiny,
                      const std::map<std::string, OptionValue>& values = {});

class Subject {
 public:
  // `tiny`: folder of the tiny world's files. `plugin` and `catalogue` are borrowed.
  Subject(const LoadedPlugin& plugin, const Catalogue& catalogue, std::filesystem::path tiny,
          const std::map<std::string, OptionValue>& values = {});

  // Prompts for an evaluator that reads none of the prompt sets here: a file of JSON lines.
  void set_prompts(const std::string& file);

  const LoadedPlugin& plugin() const { return plugin_; }
  const PluginEntry& entry() const { return plugin_.entry; }
  const Options& options() const { return options_; }
  const Catalogue& catalogue() const { return catalogue_; }

  std::string name() const;  // "architecture `showo`"

  // Entries of `kind`, the one under check first where it is of that kind.
  std::vector<const PluginEntry*> lenders(PluginKind kind) const;
  Options options_of(const PluginEntry& lender) const { return small_options(lender, tiny_); }

  // The first kBatchSize samples of the first dataset with pictures, captions, questions and answers;
  // pictures [B, 3, side, side]. Throws NotApplicable where no plugin has one.
  Batch batch(int64_t side) const;

  // The evaluator under check, fed with the prompts that were set, else with those of the first prompt set
  // whose records it reads. Throws NotApplicable where there is none.
  std::unique_ptr<Evaluator> fed_evaluator() const;

 private:
  const LoadedPlugin& plugin_;
  const Catalogue& catalogue_;
  std::filesystem::path tiny_;
  Options options_;
  std::vector<std::string> records_;
  std::string records_source_;
};

// Fresh weights, in training mode.
std::unique_ptr<Architecture> make_model(const PluginEntry& entry, const Options& options, uint64_t seed);

}  // namespace umm::conformance
