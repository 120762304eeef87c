// The file that the reference scorer writes (evaluate_images.py at revision af4902f): JSON lines in any
// order, one for each picture,
//   {"filename": ".../00017/samples/00000.png", "tag", "prompt", "correct": bool, "reason": text,
//    "metadata": the prompt's record as JSON text,
//    "details": JSON text of {class: [[x1, y1, x2, y2, score], ...]}}
// What it kept of the detections is there, what CLIP said of their colours is not. So whatever asks no colour
// is judged again, and where only a colour is left to be told, the file's verdict stands. As evidence:
//   {"detections": [...], "verdict": {"correct": bool, "reason": text}}
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record.h"
#include "umm/evaluator.h"

namespace umm::geneval {

struct PublishedVerdict {
  bool correct = false;
  std::string reason;
};

// The verdict in evidence of a published file; nothing in a detector's own. Throws Error for other text.
std::optional<PublishedVerdict> published_verdict(const std::string& evidence);

// By the detections, as far as they tell; then by the verdict, and the reason says so.
Verdict judge(const Record& record, const std::vector<Evidence>& detections, const PublishedVerdict& verdict,
              const Thresholds& thresholds);

// One log without a label. Pictures of an item follow one another in the order of their names; the item is
// there with each. A prompt before the last one that the file has nothing of is there without record and
// evidence; how many follow, the file cannot tell. Throws InputError that names the line: another form, a
// picture twice, two records of one prompt, detections that the thresholds would not have kept or that give
// another verdict than `correct`.
EvidenceLog read_results(std::string_view text, const std::string& where, const Thresholds& thresholds,
                         std::optional<Published> published);

}  // namespace umm::geneval
