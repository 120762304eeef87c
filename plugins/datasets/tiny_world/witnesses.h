// The oracle in the place of models that are asked in words about a picture of the tiny world.
#pragma once

#include <string>
#include <vector>

#include "umm/evaluator.h"

namespace umm::tiny_world {

// "yes" where the question is one of the world's (statements.h) and so it is, else "no".
class OracleAnswerer : public QuestionAnswerer {
 public:
  std::string version() const override;
  std::vector<Answer> answer(const Image& image, const std::vector<std::string>& questions) override;
};

// Reads one picture and, on a line of the request, a statement (statements.h) behind "What a right picture
// shows: ", as evaluators/wise asks in its own words. Replies in WISE's form:
//   Consistency        2: it is so; 1: what it names is there, not so; 0: not there
//   Realism            2: every object is clear; 1: at least half of them; 0: fewer, or there is none
//   Aesthetic Quality  2: each object alone in its place; 1: some share one; 0: there is none
// or, where the request names no "Aesthetic Quality", the one line "Score: 1" or "Score: 0". It says so where
// it finds no picture or no statement.
class OracleJudge : public Judge {
 public:
  std::string version() const override;
  int64_t max_parallel() const override { return 1; }
  JudgeReply ask(const JudgeRequest& request) override;
};

}  // namespace umm::tiny_world
