#include "results/run_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

#include "results/rows_json.h"

namespace umm::results {
namespace {

namespace fs = std::filesystem;

constexpr size_t kIdentityDigits = 16;  // enough to tell the runs of a folder apart
constexpr std::string_view kAttempt = "attempt-";

// A sweep may be called anything; a file may not.
std::string file_name(const std::string& name) {
  std::string text;
  for (const char c : name) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' ||
                       (c == '.' && !text.empty());
    text += plain ? std::string(1, c) : fmt::format("%{:02x}", static_cast<unsigned char>(c));
  }
  return text;
}

}  // namespace

fs::path database_file(const fs::path& output) {
  return output / "results.sqlite";
}

fs::path run_folder(const fs::path& output, const std::string& run_identity) {
  return output / "runs" / run_identity.substr(0, kIdentityDigits);
}

fs::path attempt_folder(const fs::path& run_folder, int64_t number) {
  return run_folder / fmt::format("{}{}", kAttempt, number);
}

fs::path journal_file(const fs::path& attempt_folder) {
  return attempt_folder / "journal.umj";
}

fs::path exit_file(const fs::path& attempt_folder) {
  return attempt_folder / "exit.txt";
}

std::string usual_image_path(std::string_view evaluation_identity, std::string_view item_id,
                             int64_t image_index) {
  return fmt::format("images/{}/{}/samples/{:05}.png", evaluation_identity.substr(0, kIdentityDigits),
                     item_id, image_index);
}

std::vector<fs::path> run_folders(const fs::path& output) {
  std::vector<fs::path> folders;
  std::error_code failed;
  for (fs::directory_iterator entry(output / "runs", failed), end; !failed && entry != end;
       entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    if (name.size() == kIdentityDigits && name.find_first_not_of("0123456789abcdef") == name.npos)
      folders.push_back(entry->path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

std::map<int64_t, fs::path> attempt_folders(const fs::path& run_folder) {
  std::map<int64_t, fs::path> folders;
  std::error_code failed;
  for (fs::directory_iterator entry(run_folder, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with(kAttempt)) continue;
    int64_t number = 0;
    const char* end_of_name = name.data() + name.size();
    const auto [stop, error] = std::from_chars(name.data() + kAttempt.size(), end_of_name, number);
    const bool is_number = error == std::errc() && stop == end_of_name && number > 0;
    if (is_number && attempt_folder(run_folder, number).filename() == name) folders[number] = entry->path();
  }
  return folders;
}

fs::path sweep_file(const fs::path& output, const std::string& name) {
  return output / "sweeps" / (file_name(name) + ".json");
}

std::vector<fs::path> sweep_files(const fs::path& output) {
  return files_with_ending(output / "sweeps", ".json");
}

std::vector<fs::path> files_with_ending(const fs::path& folder, const std::string& ending) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    if (name.ends_with(ending) && !name.starts_with('.')) files.push_back(entry->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string to_text(const SubmittedSweep& sweep) {
  Json runs = Json::array();
  for (size_t i = 0; i < sweep.runs.size(); ++i) {
    const auto& [run, stages] = sweep.runs[i];
    runs.push_back({{"name", sweep.names[i]}, {"run", run}, {"stages", stages}});
    if (i < sweep.sources.size()) runs.back()["sources"] = sweep.sources[i];
  }
  Json json = {{"format", 1}, {"sweep", sweep.sweep}, {"runs", runs}};
  if (sweep.submission) json["submission"] = *sweep.submission;
  if (!sweep.settings.empty()) json["settings"] = sweep.settings;
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

SubmittedSweep sweep_from_text(const std::string& text, const std::string& file) {
  try {
    const Json json = Json::parse(text);
    if (const auto format = json.at("format").get<int64_t>(); format != 1)
      throw NewerFormat(fmt::format("{}: its format {} is newer than this program", file, format));
    SubmittedSweep sweep{json.at("sweep").get<SweepRow>(), {}, {}, {}, {}, {}};
    sweep.settings = json.value("settings", std::vector<SettingOrigin>{});
    for (const auto& run : json.at("runs")) {
      sweep.runs.emplace_back(run.at("run").get<RunRow>(), run.at("stages").get<std::vector<StageRow>>());
      sweep.names.push_back(run.at("name"));
      sweep.sources.push_back(run.value("sources", RunSources{}));
      for (const int64_t number : sweep.sources.back().settings)
        if (number < 0 || number >= static_cast<int64_t>(sweep.settings.size()))
          throw StoreError(fmt::format("{}: run \"{}\" has setting {} of {}", file, sweep.names.back(),
                                       number, sweep.settings.size()));
    }
    if (json.contains("submission")) sweep.submission = json["submission"].get<Submission>();
    return sweep;
  } catch (const Json::exception& error) {
    throw StoreError(fmt::format("{}: this is not a submitted sweep: {}", file, error.what()));
  }
}

std::string read_from(const fs::path& file, int64_t offset) {
  const auto fail = [&](const std::string& why) {
    return StoreError(fmt::format("{}: cannot be read: {}", file.string(), why));
  };
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // or a pipe would wait
  if (descriptor < 0) throw fail(std::strerror(errno));
  const auto close_it = std::shared_ptr<void>(nullptr, [&](void*) { ::close(descriptor); });
  struct stat status {};
  if (fstat(descriptor, &status) != 0) throw fail(std::strerror(errno));
  if (!S_ISREG(status.st_mode)) throw fail("it is no regular file");
  if (status.st_size < offset)
    throw fail(fmt::format("it has {} bytes, but {} were read of it before", status.st_size, offset));
  std::string text;
  for (ssize_t got = 1; got != 0;) {
    constexpr size_t kPiece = 1 << 20;
    const size_t size = text.size();
    text.resize(size + kPiece);
    got = pread(descriptor, text.data() + size, kPiece, offset + static_cast<int64_t>(size));
    if (got < 0 && errno != EINTR) throw fail(std::strerror(errno));
    text.resize(size + static_cast<size_t>(std::max<ssize_t>(got, 0)));
  }
  return text;
}

}  // namespace umm::results
