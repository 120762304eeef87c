// A judge behind an OpenAI-compatible server.
#pragma once

#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "budget.h"
#include "halt.h"
#include "interpret.h"
#include "pace.h"
#include "patience.h"
#include "reply_store.h"
#include "request.h"
#include "secret.h"
#include "transport.h"
#include "umm/evidence.h"

namespace umm::openai {

// InputError where no server could be asked: no model is named, or the URL is none.
void expect_askable(const Settings& settings, const JudgeConnection& connection);

class Client final : public Judge {
 public:
  // Looks at nothing but its arguments: URL and model may be missing until something is asked.
  Client(Settings settings, const JudgeConnection& connection, std::shared_ptr<Ledger> ledger,
         const Patience& patience = {});

  std::string version() const override;
  int64_t max_parallel() const override { return connection_.parallel; }
  JudgeReply ask(const JudgeRequest& asked) override;

 private:
  JudgeReply reply_to(const Request& request, const ReplyKey& key);
  JudgeReply send(const Request& request);
  Meaning try_once(const Request& request, bool is_last);
  Transport& transport();
  std::string named(const std::string& problem) const;  // with the place that it came from

  const Settings settings_;
  const JudgeConnection connection_;  // without the key
  const Secret secret_;
  const Patience patience_;
  Halt halt_;
  Budget budget_;
  Pace pace_;
  ReplyStore store_;
  std::atomic<int64_t> failures_in_a_row_ = 0;

  std::mutex mutex_;  // of what follows
  std::string shown_url_;
  std::unique_ptr<Transport> transport_;
  std::map<ReplyKey, std::shared_future<JudgeReply>> on_their_way_;  // so that equal requests are sent once
};

}  // namespace umm::openai
