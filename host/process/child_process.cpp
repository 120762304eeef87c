#include "process/child_process.h"

#include <ATen/Parallel.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <exception>

#include "process/exception_text.h"

namespace umm {
namespace {

// First byte of what the child sends.
constexpr char kResult = 'r', kInputError = 'i', kError = 'e', kOther = 'o';

std::string outcome_of(const std::function<std::string()>& function) {
  try {
    return kResult + function();
  } catch (const InputError& error) {
    return kInputError + std::string(error.what());
  } catch (const Error& error) {
    return kError + std::string(error.what());
  } catch (...) {
    return kOther + exception_text();
  }
}

void write_all(int file, const std::string& text) {
  for (size_t done = 0; done < text.size();) {
    const auto count = TEMP_FAILURE_RETRY(write(file, text.data() + done, text.size() - done));
    if (count <= 0) return;
    done += static_cast<size_t>(count);
  }
}

int result_pipe = -1;  // of the child

// An exception that nothing can catch, as one out of a static initialiser, ends the child with its words.
[[noreturn]] void tell_and_end() {
  const std::string reason = std::current_exception() ? exception_text() : "std::terminate was called";
  write_all(result_pipe, kOther + reason);
  _exit(0);
}

std::string read_all(int file) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (ssize_t count = 0; (count = TEMP_FAILURE_RETRY(read(file, buffer.data(), buffer.size()))) > 0;)
    text.append(buffer.data(), static_cast<size_t>(count));
  return text;
}

}  // namespace

std::string in_child_process(const std::function<std::string()>& function, std::chrono::seconds time_limit) {
  std::array<int, 2> ends{};
  UMM_CHECK(pipe(ends.data()) == 0, "no pipe for a child process: ", std::strerror(errno));
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    alarm(static_cast<unsigned>(time_limit.count()));
    at::set_num_threads(1);
    result_pipe = ends[1];
    std::set_terminate(tell_and_end);
    write_all(ends[1], outcome_of(function));
    _exit(0);  // the parent's destructors and buffers are none of the child's business
  }
  close(ends[1]);
  const std::string sent = child > 0 ? read_all(ends[0]) : "";
  close(ends[0]);
  UMM_CHECK(child > 0, "no child process: ", std::strerror(errno));
  int status = 0;
  TEMP_FAILURE_RETRY(waitpid(child, &status, 0));
  const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  if (signal == SIGALRM) throw ChildFailed(detail::concat("not done within ", time_limit.count(), " s"));
  if (signal != 0) throw ChildFailed(detail::concat("killed by signal ", signal, ", ", strsignal(signal)));
  if (sent.empty()) throw ChildFailed("the process ended without a word");
  if (sent[0] == kInputError) throw InputError(sent.substr(1));
  if (sent[0] == kError) throw Error(sent.substr(1));
  if (sent[0] == kOther) throw ChildFailed(sent.substr(1));
  return sent.substr(1);
}

}  // namespace umm
