#include "client.h"

#include <ctime>

#include "umm/error.h"
#include "umm/log.h"

namespace umm::openai {
namespace {

JudgeConnection without_key(JudgeConnection connection) {
  connection.key.clear();
  return connection;
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char date[16] = "";
  std::strftime(date, sizeof date, "%Y-%m-%d", &utc);
  return date;
}

void expect_model(const Settings& settings) {
  UMM_CHECK_INPUT(!settings.model.empty(),
                  "judge openai: expected the option `model`, as the server names it, found none");
}

}  // namespace

void expect_askable(const Settings& settings, const JudgeConnection& connection) {
  expect_model(settings);
  endpoint_of(connection.url);
}

Client::Client(Settings settings, const JudgeConnection& connection, std::shared_ptr<Ledger> ledger,
               const Patience& patience)
    : settings_(std::move(settings)),
      connection_(without_key(connection)),
      secret_(connection.key),
      patience_(patience),
      budget_(connection, std::move(ledger)),
      pace_(connection.requests_per_minute),
      store_(connection.folder) {}

// The first number rises whenever the same settings make another request.
std::string Client::version() const {
  return "openai 1: " + settings_.text();
}

JudgeReply Client::ask(const JudgeRequest& asked) {
  expect_model(settings_);
  const Request request = make_request(settings_, asked);
  const ReplyKey key{request.hash, asked.attempt};
  std::promise<JudgeReply> promise;
  std::shared_future<JudgeReply> other;
  {
    const std::lock_guard lock(mutex_);
    const auto [place, is_first] = on_their_way_.try_emplace(key);
    if (is_first)
      place->second = promise.get_future().share();
    else
      other = place->second;
  }
  if (other.valid()) return other.get();
  try {
    promise.set_value(reply_to(request, key));
  } catch (...) {
    promise.set_exception(std::current_exception());
  }
  const std::lock_guard lock(mutex_);
  const auto place = on_their_way_.find(key);
  const auto own = place->second;
  on_their_way_.erase(place);
  return own.get();
}

JudgeReply Client::reply_to(const Request& request, const ReplyKey& key) {
  const auto stored = store_.find(key);
  if (stored && (connection_.replay_only || stored->status != ReplyStatus::failed)) {
    failures_in_a_row_ = 0;
    return *stored;
  }
  UMM_CHECK_INPUT(!connection_.replay_only, "judge openai: no reply is stored to the request ",
                  key.request_hash, ", attempt ", key.attempt, ", of the model ", settings_.model, ", in ",
                  connection_.folder.empty() ? "no folder" : connection_.folder,
                  "; replay_only asks no server: put the replies there, or drop resources.judge.replay_only");
  JudgeReply reply = send(request);
  reply.request_hash = key.request_hash;
  reply.date = today();
  try {
    store_.add({key, settings_.model, reply});
  } catch (const Error& error) {
    halt_.give_up(error.what());  // replies that cannot be kept are not bought
    throw;
  }
  return reply;
}

JudgeReply Client::send(const Request& request) {
  for (int64_t tried = 1;; ++tried) {
    const bool is_last = tried >= patience_.tries;
    const Meaning meaning = try_once(request, is_last);
    if (meaning.verdict == Verdict::hopeless) {
      halt_.give_up(named(meaning.problem));
      halt_.check();
    }
    if (meaning.verdict == Verdict::again && !is_last) {
      halt_.sleep_until(Clock::now() + seconds(backoff_seconds(patience_, tried)));
      continue;
    }
    JudgeReply reply = meaning.reply;
    if (meaning.verdict == Verdict::again) {
      reply.status = ReplyStatus::failed;
      reply.error = detail::concat("after ", tried, " tries: ", meaning.problem);
    }
    if (reply.status != ReplyStatus::failed) {
      failures_in_a_row_ = 0;
    } else if (++failures_in_a_row_ >= patience_.failures_in_a_row) {
      halt_.give_up(named(detail::concat(patience_.failures_in_a_row,
                                         " requests in a row had no reply; of the last: ", reply.error)));
      halt_.check();
    }
    return reply;
  }
}

Meaning Client::try_once(const Request& request, bool is_last) {
  Transport& carrier = transport();
  auto share = budget_.reserve(request.expected, halt_);
  pace_.wait_for_turn(halt_);
  const Exchange exchange = carrier.post(request.body);
  Meaning meaning = interpret(exchange, secret_);
  if (meaning.tokens)
    share.settle(*meaning.tokens);
  else if (meaning.verdict == Verdict::reply && meaning.may_be_counted)
    share.settle(request.expected);  // of a server that never says
  else if (meaning.may_be_counted)
    share.settle_as_expected();
  if (meaning.verdict != Verdict::again) return meaning;
  if (exchange.delivery == Delivery::unreachable && is_last) meaning.verdict = Verdict::hopeless;
  if (!exchange.retry_after_seconds) return meaning;
  if (*exchange.retry_after_seconds > patience_.longest_pause_seconds) {
    meaning.verdict = Verdict::hopeless;
    meaning.problem += detail::concat("; the server asks to wait ", *exchange.retry_after_seconds,
                                      " seconds: start again then");
  } else {
    pace_.pause_until(Clock::now() + seconds(*exchange.retry_after_seconds * patience_.seconds_per_second));
  }
  return meaning;
}

Transport& Client::transport() {
  const std::lock_guard lock(mutex_);
  if (!transport_) {
    const Endpoint endpoint = endpoint_of(connection_.url);
    shown_url_ = endpoint.shown;
    if (!endpoint.is_private && !secret_.empty())
      log_warning(endpoint.shown + ": the judge's key is sent unencrypted; https would hide it");
    transport_ = std::make_unique<Transport>(endpoint, secret_, patience_, connection_.parallel, halt_);
  }
  return *transport_;
}

std::string Client::named(const std::string& problem) const {
  return "judge openai: " + shown_url_ + ": " + problem;
}

}  // namespace umm::openai
