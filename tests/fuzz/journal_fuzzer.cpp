// Journals, and the payload of each type of frame. What is wrong must come as a StoreError; reading goes on
// from where it ended as if it had not ended there; a payload that was read is written so that it reads the
// same.
#include <zlib.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "results/frames.h"
#include "results/journal.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

// Lines keep a right checksum, or little would come past it; one in eight does not.
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned seed) {
  size = LLVMFuzzerMutate(data, size, max_size);
  if (seed % 8 == 0) return size;
  for (uint8_t *line = data, *end = data + size; line < end;) {
    auto* stop = static_cast<uint8_t*>(std::memchr(line, '\n', static_cast<size_t>(end - line)));
    if (stop == nullptr) stop = end;
    if (stop - line > 9 && line[8] == ' ') {
      char digits[9];
      const auto crc = crc32_z(0, line + 9, static_cast<size_t>(stop - line) - 9);
      std::snprintf(digits, sizeof digits, "%08lx", crc);
      std::memcpy(line, digits, 8);
    }
    line = stop + 1;
  }
  return size;
}

namespace {

using namespace umm::results;

bool same(const JournalEnd& a, const JournalEnd& b) {
  return a.offset == b.offset && a.sequence == b.sequence && a.tail == b.tail;
}

template <typename FrameType>
void read_payload(std::string_view payload) {
  std::string written;
  try {
    written = to_payload(from_payload<FrameType>(payload));
  } catch (const StoreError&) {
    return;
  }
  if (to_payload(from_payload<FrameType>(written)) != written) std::abort();
}

void read_payloads(std::string_view payload) {
  read_payload<AttemptFrame>(payload);
  read_payload<StageBegin>(payload);
  read_payload<CurveFrame>(payload);
  read_payload<ResumePoint>(payload);
  read_payload<StageEnd>(payload);
  read_payload<StageStop>(payload);
  read_payload<EvaluationFrame>(payload);
  read_payload<EvaluationFound>(payload);
  read_payload<ProgressFrame>(payload);
  read_payload<AttemptEnd>(payload);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    int64_t frames = 0;
    const auto end = parse_journal(text, "fuzzed", [&](const Frame& frame) {
      if (frame.sequence != frames++) std::abort();
      read_payloads(frame.payload);
    });
    const auto offset = static_cast<size_t>(end.offset);
    if (offset > size || end.sequence != frames || (end.tail == JournalEnd::kWhole) != (offset == size))
      std::abort();
    const auto ignore = [](const Frame&) {};
    if (!same(parse_journal(
                  text.substr(offset), "fuzzed", [](const Frame&) { std::abort(); }, end),
              end))
      std::abort();
    // Cut in the middle, it reads up to the cut or to the same end, and goes on from there.
    const size_t cut = size / 2;
    const auto first = parse_journal(text.substr(0, cut), "fuzzed", ignore);
    const auto rest = parse_journal(text.substr(static_cast<size_t>(first.offset)), "fuzzed", ignore, first);
    if (!same(rest, end)) std::abort();
  } catch (const StoreError&) {
    read_payloads(text);
  }
  return 0;
}
