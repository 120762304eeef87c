// The whole content of a database as text that does not depend on the numbers of its rows: two databases say
// the same where these are equal.
#pragma once

#include <string>

#include "results/query.h"

struct sqlite3;

namespace umm::results {

// A line for each row of each table, "table: column='value' ...", sorted: columns by name, numbers of rows
// replaced by what they stand for.
void dump(sqlite3* database, const Sink& sink);

}  // namespace umm::results
