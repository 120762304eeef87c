#include "reply_store.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "umm/error.h"

namespace umm::openai {
namespace {

namespace fs = std::filesystem;

ReplyRecord record(int number, const std::string& text = "yes\n\"no\" \xc3\xa9") {
  return {.key = {std::to_string(number), number % 2},
          .model = "m",
          .reply = {.status = number % 3 == 0 ? ReplyStatus::refused : ReplyStatus::answered,
                    .text = text,
                    .error = number % 3 == 0 ? "a filter" : "",
                    .model = "m-1",
                    .fingerprint = "fp",
                    .finish_reason = "stop",
                    .request_hash = std::to_string(number),
                    .date = "2026-01-31",
                    .tokens_in = 5,
                    .tokens_out = 6,
                    .http_status = 200}};
}

class JudgeReplyStore : public ::testing::Test {
 protected:
  JudgeReplyStore() { fs::remove_all(root_); }
  ~JudgeReplyStore() override { fs::remove_all(root_); }

  std::vector<fs::path> files() const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder_)) files.push_back(entry.path());
    return files;
  }
  static std::string content(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
  }
  int found(int count) const {
    ReplyStore store(folder_);
    int number_found = 0;
    for (int number = 0; number < count; ++number) number_found += store.find(record(number).key).has_value();
    return number_found;
  }

  const fs::path root_ = fs::temp_directory_path() / ("umm_replies_" + std::to_string(getpid()));
  const fs::path folder_ = root_ / "deep";
};

TEST_F(JudgeReplyStore, OneThatFailedCountsWhereThereIsNoOther) {
  ReplyRecord failed = record(1, "");
  failed.reply.status = ReplyStatus::failed;
  failed.reply.error = "HTTP status 400";
  ReplyStore store(folder_);
  store.add(failed);
  EXPECT_EQ(ReplyStore(folder_).find(failed.key)->error, "HTTP status 400");
  ReplyStore other(folder_);  // whose file comes later
  other.add(record(1, "yes"));
  other.add(failed);
  EXPECT_EQ(other.find(failed.key)->text, "yes");
  EXPECT_EQ(ReplyStore(folder_).find(failed.key)->text, "yes");
  std::this_thread::sleep_for(ReplyStore::kLookEvery);
  EXPECT_EQ(store.find(failed.key)->text, "yes") << "what others were answered is looked for";
}

TEST_F(JudgeReplyStore, WhatWasAddedIsFoundByAllInstances) {
  ReplyStore store(folder_);
  EXPECT_FALSE(store.find(record(0).key));
  EXPECT_FALSE(fs::exists(folder_)) << "looking makes nothing";
  for (int number = 0; number < 10; ++number) store.add(record(number));
  ReplyStore other(folder_);
  for (ReplyStore* one : {&store, &other})
    for (int number = 0; number < 10; ++number) {
      const auto reply = one->find(record(number).key);
      ASSERT_TRUE(reply);
      EXPECT_EQ(to_line({record(number).key, "m", *reply}), to_line(record(number)));
      EXPECT_EQ(reply->request_hash, record(number).key.request_hash);
    }
  EXPECT_FALSE(other.find({"0", 1})) << "another attempt";
  other.add(record(10));
  EXPECT_EQ(files().size(), 2u) << "each has a file of its own";
  std::this_thread::sleep_for(ReplyStore::kLookEvery);
  EXPECT_TRUE(store.find(record(10).key)) << "what others add is seen";
}

TEST_F(JudgeReplyStore, OneFileIsReadAlone) {
  ReplyStore(folder_).add(record(1));
  const fs::path one = files().at(0), moved = root_ / "one.jsonl";
  fs::rename(one, moved);
  ReplyStore(folder_).add(record(2));
  ReplyStore store(moved);
  EXPECT_EQ(store.find(record(1).key)->text, record(1).reply.text);
  EXPECT_FALSE(store.find(record(2).key));
}

TEST_F(JudgeReplyStore, ATornLastRecordCostsItselfAlone) {
  {
    ReplyStore store(folder_);
    for (int number = 0; number < 3; ++number) store.add(record(number));
  }
  const fs::path file = files()[0];
  const std::string whole = content(file);
  const size_t last = whole.size() - to_line(record(2)).size();
  for (size_t size = last; size < whole.size(); ++size) {
    fs::resize_file(file, size);
    ASSERT_EQ(found(3), 2) << size;
    std::ofstream(file, std::ios::binary) << whole;
  }
  EXPECT_EQ(found(3), 3);
}

TEST_F(JudgeReplyStore, LinesThatAreNoRecordsArePassedOver) {
  {
    ReplyStore store(folder_);
    store.add(record(0));
    store.add(record(1));
  }
  const std::string whole = content(files()[0]);
  const size_t second = whole.find('\n') + 1;
  std::ofstream(files()[0]) << whole.substr(0, second) << "{\"format\":2}\n\xff\n\n{}\n"
                            << std::string(2000, '[') << "\n"
                            << whole.substr(second);
  EXPECT_EQ(found(2), 2);
}

TEST_F(JudgeReplyStore, OfTwoRepliesTheOlderCounts) {
  fs::create_directories(folder_);
  std::ofstream(folder_ / "20260102T000000Z-b-1.jsonl") << to_line(record(1, "younger"));
  std::ofstream(folder_ / "20260101T000000Z-z-9.jsonl") << to_line(record(1, "older"));
  EXPECT_EQ(ReplyStore(folder_).find(record(1).key)->text, "older");
}

TEST_F(JudgeReplyStore, ManyThreads) {
  ReplyStore store(folder_);
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 8; ++thread)
      threads.emplace_back([&, thread] {
        for (int i = 0; i < 200; ++i) {
          const int number = thread * 200 + i;
          store.add(record(number));
          ASSERT_TRUE(store.find(record(number).key));
        }
      });
  }
  EXPECT_EQ(found(1600), 1600);
}

TEST_F(JudgeReplyStore, NoFolderKeepsNothing) {
  ReplyStore store("");
  store.add(record(1));
  EXPECT_FALSE(store.find(record(1).key));
}

TEST_F(JudgeReplyStore, AFullDiskIsAnErrorAndLeavesTheFileWhole) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto fill = [&] {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    setrlimit(RLIMIT_FSIZE, &limit);
    ReplyStore store(folder_);
    int added = 0;
    try {
      for (; added < 100; ++added) store.add(record(added));
    } catch (const Error& error) {
      std::fprintf(stderr, "%s", error.what());
    }
    const bool all_found = found(100) == added;
    fs::remove_all(root_);
    std::exit(added > 0 && all_found ? 0 : 1);
  };
  EXPECT_EXIT(fill(), ::testing::ExitedWithCode(0), "a judge's reply cannot be stored: File too large");
}

}  // namespace
}  // namespace umm::openai
