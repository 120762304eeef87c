// Opening: who may, what is refused, and what a killed writer leaves.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "results/store.h"
#include "tests/results/small_database.h"

namespace umm::results {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;

// Root may write anything; these tests then act as an ordinary user.
class OrdinaryUser {
 public:
  OrdinaryUser() : was_root_(geteuid() == 0) {
    if (was_root_ && seteuid(65534) != 0) throw std::runtime_error("seteuid failed");
  }
  ~OrdinaryUser() {
    if (was_root_ && seteuid(0) != 0) std::abort();
  }

 private:
  bool was_root_;
};

TEST(StoreOpen, a_second_writer_is_told_who_holds_the_database) {
  TemporaryFolder folder;
  std::string path = folder / "results.sqlite";
  {
    Store store = Store::open(path);
    EXPECT_THAT(error_of([&] { Store::open(path); }),
                AllOf(HasSubstr(path), HasSubstr("another writer"), HasSubstr(std::to_string(getpid()))));
    Store reader = Store::open_read_only(path);
    fill_small_database(store);
    EXPECT_EQ(reader.evaluations().size(), 5u);
  }
  EXPECT_FALSE(std::filesystem::exists(path + ".lock"));
  EXPECT_EQ(Store::open(path).evaluations().size(), 5u);
}

TEST(StoreOpen, the_holder_of_a_foreign_transaction_is_named) {
  TemporaryFolder folder;
  std::string path = folder / "results.sqlite";
  int start[2], ready[2];
  ASSERT_EQ(pipe(start) + pipe(ready), 0);
  pid_t child = fork();
  if (child == 0) {
    char byte = 0;
    sqlite3* database = nullptr;
    if (read(start[0], &byte, 1) != 1) _exit(1);
    sqlite3_open(path.c_str(), &database);
    sqlite3_exec(database, "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr);
    if (write(ready[1], "x", 1) != 1) _exit(1);
    pause();
    _exit(0);
  }
  Store store = Store::open(path);
  sqlite3_busy_timeout(store.handle(), 10);
  char byte = 'x';
  ASSERT_EQ(write(start[1], &byte, 1) + read(ready[0], &byte, 1), 2);
  std::string error = error_of([&] { store.put_sweep({"small", "", "", ""}); });
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_THAT(error, AllOf(HasSubstr(path), HasSubstr("is using it")));
  // Some sandboxes hide the kernel's table of locks.
  EXPECT_THAT(error, AnyOf(HasSubstr("process " + std::to_string(child)), HasSubstr("another process")));
  store.put_sweep({"small", "", "", ""});
}

TEST(StoreOpen, readers_cannot_write) {
  TemporaryFolder folder;
  { Store::open(folder / "results.sqlite"); }
  Store reader = Store::open_read_only(folder / "results.sqlite");
  EXPECT_THAT(error_of([&] { reader.put_sweep({"small", "", "", ""}); }), HasSubstr("cannot be written"));
}

TEST(StoreOpen, a_missing_database_is_not_made_by_a_reader) {
  TemporaryFolder folder;
  EXPECT_THAT(error_of([&] { Store::open_read_only(folder / "none.sqlite"); }),
              HasSubstr("no such database"));
  EXPECT_FALSE(std::filesystem::exists(folder / "none.sqlite"));
  EXPECT_THAT(error_of([&] { Store::open(folder / "missing/results.sqlite"); }),
              HasSubstr("folder must exist"));
}

TEST(StoreOpen, read_only_files_and_folders_are_named) {
  TemporaryFolder folder;
  std::string path = folder / "results.sqlite";
  { Store::open(path); }
  chmod(folder.path().c_str(), 0777);
  chmod(path.c_str(), 0444);
  {
    OrdinaryUser user;
    EXPECT_THAT(error_of([&] { Store::open(path); }), AllOf(HasSubstr(path), HasSubstr("read-only")));
    EXPECT_TRUE(Store::open_read_only(path).evaluations().empty());
  }
  chmod(folder.path().c_str(), 0555);
  {
    OrdinaryUser user;
    EXPECT_THAT(error_of([&] { Store::open(path); }), AllOf(HasSubstr(path), HasSubstr("writable")));
  }
  chmod(folder.path().c_str(), 0755);
}

TEST(StoreOpen, foreign_damaged_and_newer_files_are_refused_untouched) {
  TemporaryFolder folder;
  std::string text = folder / "text.sqlite", foreign = folder / "foreign.sqlite",
              newer = folder / "newer.sqlite";
  write_file(text, std::string(5000, 'x'));
  EXPECT_THAT(error_of([&] { Store::open(text); }), AllOf(HasSubstr(text), HasSubstr("not a database")));
  EXPECT_THAT(error_of([&] { Store::open_read_only(text); }), HasSubstr("not a database"));
  EXPECT_EQ(std::filesystem::file_size(text), 5000u);

  sqlite3* database = nullptr;
  sqlite3_open(foreign.c_str(), &database);
  sqlite3_exec(database, "CREATE TABLE mine (x)", nullptr, nullptr, nullptr);
  sqlite3_close(database);
  EXPECT_THAT(error_of([&] { Store::open(foreign); }), HasSubstr("not one of ummbench's"));

  {
    Store store = Store::open(newer);
    sqlite3_exec(store.handle(), "PRAGMA user_version = 5", nullptr, nullptr, nullptr);
  }
  EXPECT_THAT(error_of([&] { Store::open(newer); }),
              AllOf(HasSubstr("version 5"), HasSubstr("versions 1 to 4")));
  EXPECT_THAT(error_of([&] { Store::open_read_only(newer); }), HasSubstr("version 5"));
}

TEST(StoreOpen, a_damaged_page_is_reported_as_damage) {
  TemporaryFolder folder;
  std::string path = folder / "results.sqlite";
  {
    Store store = Store::open(path);
    fill_small_database(store);
  }
  auto size = static_cast<std::streamoff>(std::filesystem::file_size(path));
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096);  // all but the first page
  std::string noise(static_cast<size_t>(size - 4096), '\x7f');
  file << noise;
  file.close();
  EXPECT_THAT(error_of([&] { Store::open_read_only(path).evaluations(); }),
              AllOf(HasSubstr(path), HasSubstr("damaged")));
}

TEST(StoreOpen, a_full_disk_stores_nothing_of_the_call_and_says_so) {
  TemporaryFolder folder;
  Store store = Store::open(folder / "results.sqlite");
  fill_small_database(store);
  std::string pages = query(store, "PRAGMA page_count");
  sqlite3_exec(store.handle(), ("PRAGMA max_page_count = " + pages).c_str(), nullptr, nullptr, nullptr);
  EvaluationRow evaluation = small_evaluation("another");
  evaluation.protocol_text = std::string(100'000, 'x');
  auto put = [&] {
    store.put_evaluation(small_run("base", 0).identity, evaluation, small_items(), small_evidence({1, 1, 1}),
                         {}, {});
  };
  EXPECT_THAT(error_of(put), HasSubstr("disk is full"));
  EXPECT_FALSE(store.evaluation_complete(evaluation.identity));
  sqlite3_exec(store.handle(), "PRAGMA max_page_count = 1000000", nullptr, nullptr, nullptr);
  put();
  EXPECT_TRUE(store.evaluation_complete(evaluation.identity));
}

// A writer killed anywhere leaves whole evaluations only, and no lock.
TEST(StoreOpen, a_killed_writer_loses_at_most_its_last_call) {
  TemporaryFolder folder;
  std::string path = folder / "results.sqlite";
  for (int round = 0; round < 5; ++round) {
    pid_t child = fork();
    if (child == 0) {
      Store store = Store::open(path);
      fill_small_database(store);
      store.put_run(small_run("sft", 9), small_stages("sft", 9));
      store.begin_attempt({small_stages("sft", 9)[0].identity});
      for (int i = 0;; ++i) {
        store.put_evaluation(small_run("base", 0).identity,
                             small_evaluation(std::to_string(round) + "/" + std::to_string(i)), small_items(),
                             small_evidence({1, 2, 3}), small_scores({1, 2, 3}), {small_cost("score", 1)});
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(60 + 37 * round));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    Store store = Store::open(path);
    EXPECT_EQ(query(store, "PRAGMA integrity_check"), "ok");
    EXPECT_EQ(query(store, "SELECT count(*) FROM pragma_foreign_key_check"), "0");
    for (const EvaluationRow& evaluation : store.evaluations()) {
      EXPECT_EQ(store.items(evaluation.identity).size(), 12u);
      EXPECT_EQ(store.evidence(evaluation.identity).size(), 24u);
      EXPECT_EQ(store.scores(evaluation.identity).size(), 4u);
    }
  }
}

}  // namespace
}  // namespace umm::results
