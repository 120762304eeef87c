// The key. It goes into one header of each request, and nowhere else.
#pragma once

#include <string>

namespace umm::openai {

class Secret {
 public:
  // InputError, which does not show it, where it cannot be sent in a header.
  explicit Secret(std::string key);

  bool empty() const { return key_.empty(); }
  const std::string& reveal() const { return key_; }

  // `text`, the key in it replaced, also where characters of it are escaped as in JSON ("\/", "\u002f") or in
  // a URL ("%2F"), once or several times. Servers echo what they were sent. Below kShortest characters it is
  // taken for one of the words that servers without keys ask for ("none", "EMPTY"), which replies may well
  // contain.
  std::string scrub(std::string text) const;

  static constexpr size_t kShortest = 8;

 private:
  std::string key_;
  std::string unescaped_;  // what is left of it where all escapes in it are taken for such
};

// Of what a server sent, for a message: scrubbed before it is cut, one line, valid UTF-8.
std::string excerpt(const std::string& text, const Secret& secret);

}  // namespace umm::openai
