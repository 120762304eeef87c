// A file descriptor that is closed on every way out.
#pragma once

#include <unistd.h>

#include <utility>

namespace umm {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}  // negative: opening it failed
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }

  int get() const { return number_; }

 private:
  int number_;
};

}  // namespace umm
