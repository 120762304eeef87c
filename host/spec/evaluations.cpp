#include "spec/evaluations.h"

#include <algorithm>

#include "spec/fields.h"

namespace umm::spec {
namespace {

class Evaluations {
 public:
  Evaluations(Problems& problems, Outline& outline, const Entry& eval, Flattening flattening)
      : problems_(problems), outline_(outline), eval_(eval), flattening_(flattening) {}

  void read();

 private:
  void read_entry(const Entry& entry);
  void read_benchmark(const Value& table);
  bool add(const std::string& name, const Position& at);

  Problems& problems_;
  Outline& outline_;
  const Entry& eval_;
  Flattening flattening_;
};

// False where the name cannot be one, or is one of this file already: then it is reported.
bool Evaluations::add(const std::string& name, const Position& at) {
  if (!is_plain_name(name)) {
    problems_.add({"S113",
                   at,
                   "\"" + name + "\" cannot be the name of an evaluation",
                   "",
                   {"names consist of letters, digits, `_` and `-`"}});
    return false;
  }
  auto& known = outline_.evaluations;
  const auto same =
      std::find_if(known.begin(), known.end(), [&](const Named& named) { return named.name == name; });
  if (same == known.end()) {
    known.push_back({name, at});
  } else if (same->at.source != at.source) {
    same->at = at;
  } else {
    problems_.add({"S106",
                   at,
                   "two evaluations are named \"" + name + "\"",
                   "",
                   {"the first: " + problems_.place(same->at, at) +
                    "; `name` of [[eval.benchmark]] tells them apart"}});
    return false;
  }
  return true;
}

// Called by its `name`, else by its evaluator, which a protocol may tell.
void Evaluations::read_benchmark(const Value& table) {
  Fields fields(table, "[[eval.benchmark]]", problems_);
  std::string name;
  Position at = fields.at();
  for (const char* key : {"name", "use", "protocol"}) {
    const Value* value = fields.find(key);
    if (value == nullptr) continue;
    const auto* text = value->get<std::string>();
    if (text == nullptr) return fields.report_type(*value, key, "text");
    name = text->substr(0, text->find('/'));
    if (!is_plain_name(name)) at = value->at;
    break;
  }
  if (name.empty()) return fields.report_missing("use");
  if (!add(name, at)) return;
  for (const Entry& entry : fields.table())
    if (entry.key != "name") flattening_.add(entry, "eval." + name, {eval_.key_at, fields.at()});
}

void Evaluations::read_entry(const Entry& entry) {
  const auto* list = entry.value.get<Value::List>();
  if (entry.key == "benchmark" && list != nullptr) {
    for (const Value& table : *list) {
      if (table.get<Value::Table>() != nullptr) {
        read_benchmark(table);
      } else {
        problems_.add({"S102",
                       table.at,
                       "`eval.benchmark` must be a list of tables, found " + type_name(table),
                       "",
                       {"write each as a header in double brackets: [[eval.benchmark]]"}});
      }
    }
  } else if (entry.value.get<Value::Table>() != nullptr) {
    if (add(entry.key, entry.key_at)) flattening_.add(entry, "eval", {eval_.key_at});
  } else if (entry.key == "weights") {
    flattening_.add(entry, "eval", {eval_.key_at});
  } else {
    problems_.add({"S102",
                   entry.key_at,
                   "[eval] holds `weights` and one table per evaluation, found the key `" + entry.key + "`",
                   did_you_mean(entry.key, {"weights"}),
                   {"for example [eval.geneval]"}});
  }
}

void Evaluations::read() {
  for (const Entry& entry : *eval_.value.get<Value::Table>()) read_entry(entry);
}

}  // namespace

void read_evaluations(Problems& problems, Outline& outline, const Entry& eval, Layer layer,
                      Settings& settings) {
  Evaluations(problems, outline, eval, {outline.store, settings, problems, layer, ""}).read();
}

}  // namespace umm::spec
