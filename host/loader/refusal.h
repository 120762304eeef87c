// Why a plugin library was not taken, in words that name both sides and what to do.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "umm/error.h"

namespace umm {

// Codes:
//   P001 not a shared library for this machine     P008 CUDA architectures
//   P002 no identity                               P009 brings a LibTorch of its own
//   P003 another entry layout or SDK epoch         P010 cannot be bound
//   P004 other SDK headers                         P011 an id or operator namespace that is taken
//   P005 another LibTorch                          P012 crashed or hung while being described
//   P006 another C++ ABI                           P013 failed while registering
//   P007 an SDK newer than this program's          P014 section and symbol disagree
struct Refusal {
  std::string code;
  std::string what;            // one line: "plugin was built against another LibTorch"
  std::filesystem::path file;  // the library
  std::string plugin = {};     // "harmon 0.4.1", "" where the library does not say
  std::vector<std::pair<std::string, std::string>> facts = {};  // {"needs", "torch_version 2.9.1"}
  std::string fix = {};
  bool has_run = false;  // whether code of the library was executed

  // One line: "harmon.umm.so: P005 plugin was built against another LibTorch"; of P011 with what is taken.
  std::string summary() const;
};

//   error[P005]: plugin was built against another LibTorch
//     plugin  plugins/harmon.umm.so  (harmon 0.4.1)
//     needs   torch_version 2.9.1
//     host    torch_version 2.11.0
//     fix     rebuild it with the UmmSdk of this program
//     note    nothing from the plugin was executed
std::string to_text(const Refusal& refusal);

class PluginRefused : public InputError {
 public:
  explicit PluginRefused(Refusal why) : InputError(to_text(why)), refusal(std::move(why)) {}
  Refusal refusal;
};

}  // namespace umm
