// Whom a run of somebody else's asks here.
//
// Rationale: an author's `url` and `key_variable` together could have any variable of a reader's environment
// sent anywhere. So a bundle says which judge is asked, and the reader where it is reached and with which
// key.
#pragma once

#include <string>

#include "spec/experiment.h"

namespace umm {

struct ReaderJudge {
  std::string url;           // base of its server; "": none
  std::string key_variable;  // of the environment; "": it wants no key
};

// InputError, which shows neither, where `key_variable` is no name of a variable or `url` has a part in which
// keys may be: files of the run have both.
void check(const ReaderJudge& judge);

// Puts the reader's in the place of the author's. InputError: one of its evaluations asks a judge, and the
// reader does not say where it is.
void choose_judge(const ReaderJudge& judge, RunConfig& run);

}  // namespace umm
