#include "spec/resources.h"

#include <charconv>
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

bool is_device(const std::string& text) {
  if (text == "auto" || text == "cpu" || text == "cuda") return true;
  const std::string number = text.starts_with("cuda:") ? text.substr(5) : "";
  return !number.empty() && number.size() <= 3 && number.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

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
  settings.note_default("resources.gpu_model", "any", "");
  if (const Setting* models = settings.find("resources.gpu_model"))
    resources.gpu_models = bind_text_list(context, models->value, "resources.gpu_model");
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
  return resources;
}

}  // namespace umm::spec
