#include "spec/resources.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string_view>

#include "spec/options.h"

namespace umm::spec {
namespace {

const OptionSchema& resources_schema() {
  static const OptionSchema schema =
      OptionSchema()
          .text("device", "auto", "auto, cpu, cuda or cuda:<number>")
          .integer("threads", 0, {0, 4096}, "CPU threads; 0: all")
          .integer("gpus", 1, {1, 4096}, "GPUs at once")
          .text("time", "", "of one process, as \"12h\", \"90m\" or \"1h30m\"; absent: no limit");
  return schema;
}

const OptionSchema& judge_schema() {
  constexpr double kMany = std::numeric_limits<double>::infinity();
  static const OptionSchema schema =
      OptionSchema()
          .text("url", "", "base of an OpenAI-compatible server: http://localhost:8000/v1")
          .text("key_variable", "", "variable of the environment that holds its key")
          .text("key_file", "", "file that holds its key, in its first line")
          .integer("parallel", 8, {1, 1024}, "requests at once")
          .number("requests_per_minute", 0, {0, kMany}, "0: as many as it takes")
          .integer("max_tokens", 0, {0, kMany}, "in and out, of one process; 0: no limit")
          .number("max_cost", 0, {0, kMany}, "of one process, in the currency of the prices; 0: no limit")
          .number("price_in", 0, {0, kMany}, "of a million tokens that are sent")
          .number("price_out", 0, {0, kMany}, "of a million tokens that come back")
          .boolean("replay_only", false, "stored replies alone; the network is not touched");
  return schema;
}

// Whoever pastes the key itself finds it in no message: the line that it stands on is not shown.
void refuse_unseen(Context& context, const Setting& setting, const std::string& problem,
                   const std::string& advice) {
  Position at = setting.value.at;
  const std::string place = context.problems.place(at);
  at.line = 0;
  context.problems.add({"S124",
                        at,
                        "`" + setting.key + "` (" + place + ") " + problem,
                        "",
                        {advice + "; what was found is not shown, for it may be the key"}});
}

void check_key_variable(Context& context, const Setting* setting, const std::string& value) {
  if (setting == nullptr || value.empty() || is_variable_name(value)) return;
  refuse_unseen(context, *setting, "is no name of a variable",
                "letters, digits and _, as OPENAI_API_KEY: the variable of the environment that "
                "holds the key, never the key");
}

// The spec, and so its URL, is kept in the database and goes with bundles.
void check_url(Context& context, const Setting* setting, const std::string& value) {
  if (setting == nullptr || is_keyless_url(value)) return;
  refuse_unseen(context, *setting, "has a part in which keys may be",
                "the base of a server, as \"http://localhost:8000/v1\", without user, query and fragment "
                "(Azure's \"?api-version=2024-10-21\" may stand behind it): a key has its place in "
                "key_variable or key_file");
}

// As all paths; but what it holds is in no identity, so it is not read here.
std::string key_file_of(const Context& context, const Setting* setting, const std::string& path) {
  return path.empty() ? "" : (context.folder_of(setting) / path).lexically_normal().string();
}

JudgeServerConfig bind_judge(Context& context, Merged& settings) {
  const std::string table = "resources.judge";
  const Options values = bind_options(context, settings, table, judge_schema()).options;
  const auto refuse = [&](const std::string& key, const std::string& problem, const std::string& advice) {
    context.problems.add({"S124",
                          settings.find(table + "." + key)->value.at,
                          "`" + table + "." + key + "` " + problem,
                          "",
                          {advice}});
  };
  if (!values.text("key_file").empty() && !values.text("key_variable").empty())
    refuse("key_file", "stands beside `key_variable`", "a key has one place: drop one of the two");
  if (values.number("max_cost") > 0 && values.number("price_in") + values.number("price_out") == 0)
    refuse("max_cost", "is no limit without prices", "set `price_in` and `price_out`, of a million tokens");
  check_key_variable(context, settings.find(table + ".key_variable"), values.text("key_variable"));
  check_url(context, settings.find(table + ".url"), values.text("url"));
  return {.url = values.text("url"),
          .key_variable = values.text("key_variable"),
          .key_file = key_file_of(context, settings.find(table + ".key_file"), values.text("key_file")),
          .parallel = values.integer("parallel"),
          .requests_per_minute = values.number("requests_per_minute"),
          .max_tokens = values.integer("max_tokens"),
          .max_cost = values.number("max_cost"),
          .price_in = values.number("price_in"),
          .price_out = values.number("price_out"),
          .replay_only = values.boolean("replay_only")};
}

bool is_device(const std::string& text) {
  if (text == "auto" || text == "cpu" || text == "cuda") return true;
  const std::string number = text.starts_with("cuda:") ? text.substr(5) : "";
  return !number.empty() && number.size() <= 3 && number.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

bool is_variable_name(const std::string& text) {
  constexpr std::string_view kDigits = "0123456789";
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
  return !text.empty() && kDigits.find(text[0]) == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [&](const char c) {
           return kLetters.find(c) != std::string_view::npos || kDigits.find(c) != std::string_view::npos;
         });
}

std::string url_without_secrets(const std::string& url) {
  std::string plain = url.substr(0, url.find_first_of("?#"));
  const size_t scheme = plain.find("://");
  const size_t host = scheme == std::string::npos ? 0 : scheme + 3;
  const size_t user_end = plain.substr(0, plain.find('/', host)).rfind('@');
  if (user_end != std::string::npos && user_end >= host) plain.erase(host, user_end + 1 - host);
  return plain;
}

bool is_keyless_url(const std::string& url) {
  constexpr std::string_view kVersion = "?api-version=";
  constexpr std::string_view kOfVersions = "0123456789abcdefghijklmnopqrstuvwxyz-.";  // "2024-10-01-preview"
  const size_t end = url.find(kVersion);
  const std::string base = url.substr(0, end);
  return url_without_secrets(base) == base &&
         (end == std::string::npos ||
          url.find_first_not_of(kOfVersions, end + kVersion.size()) == std::string::npos);
}

std::optional<double> seconds_of(const std::string& duration) {
  constexpr std::string_view kUnits = "hms";
  constexpr int64_t kSeconds[] = {3600, 60, 1};
  int64_t total = 0;
  size_t next_unit = 0;
  for (std::string_view rest = duration; !rest.empty();) {
    int64_t number = 0;
    const auto parsed = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    const auto digits = static_cast<size_t>(parsed.ptr - rest.data());
    if (parsed.ec != std::errc() || digits == rest.size() || number < 0 || number > 1000000)
      return std::nullopt;
    const size_t unit = kUnits.find(rest[digits], next_unit);
    if (unit == std::string_view::npos) return std::nullopt;
    total += number * kSeconds[unit];
    next_unit = unit + 1;
    rest.remove_prefix(digits + 1);
  }
  return total > 0 ? std::optional(static_cast<double>(total)) : std::nullopt;
}

ResourceConfig bind_resources(Context& context, Merged& settings) {
  const Options values = bind_options(context, settings, "resources", resources_schema()).options;
  ResourceConfig resources;
  resources.device = values.text("device");
  resources.threads = values.integer("threads");
  resources.gpus = values.integer("gpus");
  if (!is_device(resources.device)) {
    report_choice(context, settings.find("resources.device")->value.at, "resources.device", resources.device,
                  {"auto", "cpu", "cuda", "cuda:<number>"});
  }
  if (resources.gpus > 1) {
    context.problems.add({"S125",
                          settings.find("resources.gpus")->value.at,
                          "`resources.gpus` = " + std::to_string(resources.gpus) +
                              ": a run on several GPUs is not built yet, its training is not sharded",
                          "",
                          {"leave it at 1; runs of one sweep can use several GPUs: [launch] parallel"}});
  }
  resources.gpu_models = bind_text_list(context, settings, "resources.gpu_model", "any");
  const std::string& time = values.text("time");
  if (const auto seconds = seconds_of(time)) {
    resources.time_limit_seconds = *seconds;
  } else if (const Setting* setting = settings.find("resources.time");
             setting != nullptr && setting->value.get<std::string>() != nullptr) {
    context.problems.add(
        {"S124",
         setting->value.at,
         "`resources.time` is no duration: \"" + time + "\"",
         "",
         {"hours, minutes and seconds as whole numbers: \"12h\", \"90m\", \"30s\", \"1h30m\""}});
  }
  resources.judge = bind_judge(context, settings);
  return resources;
}

}  // namespace umm::spec
