// One writer per database. SQLite alone would let two writers take turns call by call; a second `ummbench
// run` on the same database should instead stop at once and say who is there.
#pragma once

#include <sys/types.h>

#include <string>

namespace umm::results {

// Held while the object lives, and released by the kernel if the process dies. A file beside the database,
// "<database>.lock", names the holder.
class WriterLock {
 public:
  explicit WriterLock(const std::string& database_path);  // StoreError: held already, or folder not writable
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;
  ~WriterLock();

 private:
  std::string path_;
  int descriptor_ = -1;
};

// "process 4711 (sqlite3)" for whoever has a kernel lock on the file; "another process" where that is not
// known.
std::string describe_lock_holder(const std::string& path);

}  // namespace umm::results
