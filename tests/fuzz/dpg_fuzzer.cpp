// Questions from a table or from JSON lines: what comes through has its parents in place and a score.
#include <cstdlib>

#include "dpg/questions.h"
#include "dpg/rules.h"
#include "umm/error.h"

namespace umm::dpg {
namespace {

using Reader = std::vector<Item> (*)(std::string_view, const std::string&, Variant);

void read(Reader reader, std::string_view text, Variant variant) {
  try {
    for (const Item& item : reader(text, "fuzzed", variant)) {
      for (const Question& question : item.questions) {
        for (const size_t parent : question.parents) {
          if (parent >= item.questions.size()) std::abort();
        }
      }
      const YesAnswers yes(item.questions.size(), true);
      if (picture_score(item, yes, Variant::fixed) != 1) std::abort();
      picture_score(item, yes, Variant::reference);
      if (json_line(read_json_lines(json_line(item), "again", variant).at(0)) != json_line(item))
        std::abort();
    }
  } catch (const InputError&) {
  }
}

}  // namespace
}  // namespace umm::dpg

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace umm::dpg;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read(read_csv, text, Variant::fixed);
  read(read_csv, text, Variant::reference);
  read(read_json_lines, text, Variant::fixed);
  return 0;
}
