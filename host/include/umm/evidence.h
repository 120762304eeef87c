// Who tells what is in a picture: detectors, answerers of questions, judges. What they say is evidence; it is
// stored raw, and rules (evaluator.h) say what it is worth.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "umm/image.h"

namespace umm {

// One object found in a picture. Box in pixels, x2 and y2 exclusive, y downwards.
struct Detection {
  std::string label = {};
  double score = 0;  // 0..1
  float x1 = 0, y1 = 0, x2 = 0, y2 = 0;
  std::vector<uint8_t> mask = {};  // height x width of 0/1; may be empty
};

// Finds objects. Implemented by Mask2Former for photographs, by an oracle for a procedural world.
class UMM_API ObjectDetector {
 public:
  virtual ~ObjectDetector();
  virtual std::string version() const = 0;  // changes whenever a detection could
  virtual std::vector<Detection> detect(const Image& image) = 0;

  // One score per colour for the object; the largest wins. CLIP on the masked crop, or the oracle's reading.
  virtual std::vector<double> color_scores(const Image& image, const Detection& object,
                                           const std::vector<std::string>& colors) = 0;
};

struct Answer {
  std::string text = {};                       // as generated: "yes"
  std::optional<double> log_probability = {};  // of the text
  std::optional<double> yes_probability = {};  // of "yes" as its first token
};

// Answers questions about a picture. Implemented by visual question answering networks, by an oracle for a
// procedural world.
class UMM_API QuestionAnswerer {
 public:
  virtual ~QuestionAnswerer();
  virtual std::string version() const = 0;  // changes whenever an answer could
  virtual std::vector<Answer> answer(const Image& image, const std::vector<std::string>& questions) = 0;
};

// A piece of a message: words, or the bytes of a picture file.
struct JudgePart {
  std::string text = {};        // of words
  std::string media_type = {};  // of a picture: "image/png"
  std::string bytes = {};       // of a picture
};

// One user message, its parts in this order.
struct JudgeRequest {
  std::string system = {};  // message before it; "": none
  std::vector<JudgePart> parts = {};
  int64_t attempt = 0;  // counts up where the same is asked again because the reply was no use
};

enum class ReplyStatus {
  answered,  // whether it can be parsed is for the rules to say
  refused,   // by the model, or by a filter before or behind it
  failed     // no whole reply, after all tries: cut off, malformed, too long
};

UMM_API const char* to_text(ReplyStatus status);

struct JudgeReply {
  ReplyStatus status = ReplyStatus::answered;
  std::string text = {};           // as it came; may be empty
  std::string error = {};          // why it was refused or failed
  std::string model = {};          // that says it replied: "gpt-4.1-2025-04-14"
  std::string fingerprint = {};    // of its back end, where told
  std::string finish_reason = {};  // "stop", "length", "content_filter"
  std::string request_hash = {};   // SHA-256 of what was asked, model and settings included
  std::string date = {};           // of the reply, UTC: "2026-01-31"
  int64_t tokens_in = 0, tokens_out = 0;
  int64_t http_status = 0;  // 0: nothing was sent
};

// A multimodal model that is asked in words. Implemented over HTTP, over stored replies, by an oracle for a
// procedural world.
class UMM_API Judge {
 public:
  virtual ~Judge();
  virtual std::string version() const = 0;          // changes whenever a reply could: model and settings
  virtual int64_t max_parallel() const = 0;         // requests that it takes at once
  virtual JudgeReply ask(const JudgeRequest&) = 0;  // on any thread

  // ask() throws InputError where asking on is no use: a key that is refused, a budget that is spent, a
  // server that is gone, a reply that replay lacks. Replies so far are kept. PluginEntry::make_judge throws
  // it where nothing could be asked at all, as without a URL, unless replay_only. So one is made, without the
  // key, and dropped before a run trains.
};

// Where a judge is reached, and what it may cost. Changes no score, so no protocol holds it.
struct JudgeConnection {
  std::string url = {};                // base: "https://api.openai.com/v1"
  std::string key = {};                // never written anywhere
  std::string folder = {};             // of stored replies; made where it is missing; "": none are kept
  bool replay_only = false;            // the network is not touched
  int64_t parallel = 8;                // requests at once
  double requests_per_minute = 0;      // 0: no limit
  int64_t max_tokens = 0;              // in and out, of all requests that are sent; 0: no limit
  double max_cost = 0;                 // in the prices' currency; 0: no limit
  double price_in = 0, price_out = 0;  // of a million tokens
};

// Those that the protocol names; the others are nullptr.
struct EvidenceProviders {
  ObjectDetector* detector = nullptr;
  QuestionAnswerer* answerer = nullptr;
  Judge* judge = nullptr;
};

}  // namespace umm
