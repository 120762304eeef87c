// A judge in this process that replies what a test wrote down.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "umm/evidence.h"

namespace umm::testing {

class ScriptedJudge : public Judge {
 public:
  // Given in this order; the last one from then on.
  explicit ScriptedJudge(std::vector<JudgeReply> replies) : replies_(std::move(replies)) {}

  std::string version() const override { return "scripted"; }
  int64_t max_parallel() const override { return 1; }
  JudgeReply ask(const JudgeRequest& request) override {
    requests.push_back(request);
    return replies_.at(std::min(requests.size(), replies_.size()) - 1);
  }

  std::vector<JudgeRequest> requests;

 private:
  std::vector<JudgeReply> replies_;
};

}  // namespace umm::testing
