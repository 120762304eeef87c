// Rows of an answer as text, one printer for each format.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "results/query.h"

namespace umm::results {

struct QueryValue {
  enum Kind { kNull, kInteger, kReal, kText } kind = kNull;
  int64_t integer = 0;
  double real = 0;
  std::string text;  // of every kind but NULL: as SQLite writes it
};

class RowPrinter {
 public:
  virtual ~RowPrinter() = default;
  virtual void row(const std::vector<QueryValue>& values) = 0;
  virtual void end() = 0;
};

std::unique_ptr<RowPrinter> make_printer(QueryFormat format, const std::vector<std::string>& names,
                                         const Sink& sink);

}  // namespace umm::results
