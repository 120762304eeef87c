// A detector's verdicts against people's. The published tables hold five answers to each of 400 pictures per
// set of pictures (annotations/annotations_*.csv at revision af4902f); the majority of "all clauses hold" is
// the picture's label. Pure functions.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules.h"

namespace umm::geneval {

// One person's answers about one picture. Object 0 is the record's clause 0, object 1 its clause 1.
struct Annotation {
  int64_t prompt = 0;                            // line of the prompt file, from 0
  int64_t image = 0;                             // of the prompt
  std::array<std::optional<int64_t>, 2> counts;  // nothing where not asked; 5: five or more
  std::array<std::set<std::string>, 2> colors;   // all that were chosen; "gray" is none of kColors
  std::array<std::string, 2> direction;  // of object 1 seen from object 0: "left", "above"; "" unasked
};

// Throws InputError with file and line for another table.
std::vector<Annotation> read_annotations(std::string_view text, const std::string& source);

// Whether the person saw every clause of the record: counts in the tag "counting" exactly, else at least as
// many, of the colour asked, where asked. Only single_object, two_object, counting, colors, position and
// color_attr are known.
bool holds(const Record& record, const Annotation& annotation);

struct Label {
  int64_t prompt = 0;
  int64_t image = 0;
  bool correct = false;  // what most say
  double share = 0;      // of those who say so
};

// One label per picture, by prompt and image; an even vote is "not correct". Throws InputError for a prompt
// that `records` has not.
std::vector<Label> majority(const std::vector<Record>& records, const std::vector<Annotation>& annotations);

struct Agreement {
  std::map<std::string, double> by_tag;  // share of pictures on whose verdict both agree
  double overall = 0;                    // the same of all pictures
  double kappa = 0;                      // Cohen's: 0 is chance; 0 too where both sides say only one thing
  int64_t num_images = 0;
};

// `verdicts`: the detector's, for {prompt, image}. Labels without one are left out; Error where none has one.
Agreement agreement(const std::vector<Record>& records, const std::vector<Label>& labels,
                    const std::map<std::pair<int64_t, int64_t>, bool>& verdicts);

}  // namespace umm::geneval
