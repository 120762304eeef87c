// What a judge's server sends, and files of stored replies. The first letter is a status, or says that the
// rest is a stored line. A reply must survive being stored, and the key must stand in nothing.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "interpret.h"
#include "reply_record.h"

namespace umm::openai {
namespace {

// The second one as it is, and as JSON and URLs may have it.
constexpr const char* kPlainKey = "sk-01234";
constexpr const char* kKey = "sk/0+\"34";
const std::vector<std::string> kForms = {kKey, R"(sk\/0+\"34)", R"(sk/0+\"34)", "sk%2F0%2B%2234",
                                         "sk%2f0+%2234"};

void expect(bool condition) {
  if (!condition) std::abort();
}

void read_line(const std::string& line) {
  const auto record = record_of(line);
  if (!record) return;
  const std::string written = to_line(*record);
  const auto again = record_of(written);
  expect(again && to_line(*again) == written);
}

Meaning meaning_of(int64_t status, const std::string& body, const std::string& key,
                   const std::vector<std::string>& forms) {
  Meaning meaning = interpret({.delivery = Delivery::whole, .status = status, .body = body}, Secret(key));
  for (const std::string& text :
       {meaning.problem, meaning.reply.text, meaning.reply.error, meaning.reply.model,
        meaning.reply.fingerprint, meaning.reply.finish_reason})
    for (const std::string& form : forms) expect(text.find(form) == std::string::npos);
  return meaning;
}

void read_exchange(int64_t status, const std::string& body) {
  meaning_of(status, body, kPlainKey, {kPlainKey});
  const Meaning meaning = meaning_of(status, body, kKey, kForms);
  if (meaning.verdict != Verdict::reply) return expect(!meaning.problem.empty());
  expect(meaning.reply.status == ReplyStatus::answered || !meaning.reply.error.empty());
  const std::string line = to_line({.key = {"ab", 1}, .model = "m", .reply = meaning.reply});
  const auto record = record_of(line);
  expect(record && record->reply.text == meaning.reply.text && record->reply.status == meaning.reply.status);
}

void read(char kind, const std::string& text) {
  switch (kind) {
    case 'l':
      return read_line(text);
    case 'b':
      return read_exchange(400, text);
    case 'q':
      return read_exchange(429, text);
    case 'h':
      return read_exchange(402, text);
    case 'f':
      return read_exchange(503, text);
    default:
      return read_exchange(200, text);
  }
}

}  // namespace
}  // namespace umm::openai

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  umm::openai::read(static_cast<char>(data[0]),
                    std::string(reinterpret_cast<const char*>(data) + 1, size - 1));
  return 0;
}
