// Texts of a judge's prompts. Published ones are not ours to ship: they are read from a file and told by
// their SHA-256, so that a score cannot claim a protocol that it did not follow.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "umm/error.h"

namespace umm::evaluators {

// A JSON object with exactly these keys, each a text that is not empty. Throws InputError that starts with
// `where`.
std::map<std::string, std::string> read_texts(const std::string& json, const std::vector<std::string>& keys,
                                              const std::string& where);

// Throws InputError where the text called `what` has no such place for an item's own words.
void expect_placeholder(const std::string& text, std::string_view placeholder, const std::string& what,
                        const std::string& where);

// Throws InputError unless `text` has that hash. `what` names the text in the message.
void expect_sha256(const std::string& text, std::string_view expected, const std::string& what,
                   const std::string& where);

// `text` with each placeholder replaced wherever it stands; what a value brings in is left as it is.
std::string with_values(std::string_view text,
                        const std::vector<std::pair<std::string_view, std::string_view>>& values);

// The text of `file`; nothing where it is not there.
std::optional<std::string> text_if_there(const std::string& file);

// Prompts from the file that an option names. One that is there is read at once, so that a mistake shows
// before pictures are made; one that is gone is missed only by who asks a judge: rules over stored replies
// need no prompts.
template <typename Prompts>
class ChosenPrompts {
 public:
  // `read`: from a file's text, and its name for messages. `own`: where no file is named, which with
  // `published` is an InputError.
  template <typename Read>
  ChosenPrompts(std::string file, bool published, Prompts own, const Read& read) : file_(std::move(file)) {
    UMM_CHECK_INPUT(
        !published || !file_.empty(),
        "published = true: expected judge_prompts to name the file of the published texts, found none");
    if (file_.empty())
      prompts_ = std::move(own);
    else if (const auto text = text_if_there(file_))
      prompts_ = read(*text, file_);
  }

  const Prompts& get() const {
    UMM_CHECK_INPUT(prompts_, file_, ": expected the judge's prompts, found no file");
    return *prompts_;
  }

 private:
  std::string file_;
  std::optional<Prompts> prompts_;
};

}  // namespace umm::evaluators
