#include "csv.h"

#include <gmock/gmock.h>

#include "umm/error.h"

namespace umm::evaluators {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(std::string_view text) {
  CsvReader reader(text, "t.csv");
  Rows rows;
  for (CsvRow row; reader.next(row);) rows.push_back(row.fields);
  return rows;
}

std::string problem(std::string_view text) {
  try {
    CsvTable(text, "t.csv", {"a", "b"});
  } catch (const InputError& error) {
    return error.what();
  }
  return "no InputError";
}

TEST(Csv, PartsFieldsAndRows) {
  EXPECT_EQ(rows_of("a,b\n1,2\n"), (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(rows_of("a,b\r\n1,2\r\n"), (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(rows_of("a,b\n1,2"), (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(rows_of(",\n,,"), (Rows{{"", ""}, {"", "", ""}}));
  EXPECT_EQ(rows_of("\xEF\xBB\xBF"
                    "a\n\n\r\nb\n"),
            (Rows{{"a"}, {"b"}}))
      << "byte order mark, blank lines";
  EXPECT_EQ(rows_of(""), Rows{});
}

TEST(Csv, QuotesHoldCommasQuotesAndLineEnds) {
  EXPECT_EQ(rows_of("\"a,b\",\"say \"\"hi\"\"\"\n\"two\r\nlines\",x\n"),
            (Rows{{"a,b", "say \"hi\""}, {"two\r\nlines", "x"}}));
  EXPECT_EQ(rows_of("\"\"\n"), (Rows{{""}})) << "a quoted empty field is a row";
  EXPECT_EQ(rows_of("say \"hi\",b\n"), (Rows{{"say \"hi\"", "b"}})) << "quotes inside a bare field are text";
}

TEST(Csv, ABareCarriageReturnIsText) {
  EXPECT_EQ(rows_of("a\rb,c\rd\r\ne,f\n"), (Rows{{"a\rb", "c\rd"}, {"e", "f"}}));
}

TEST(Csv, CountsLinesAlsoInsideQuotes) {
  CsvReader reader("a\n\n\"x\ny\"\nb\n", "t.csv");
  std::vector<int64_t> lines;
  for (CsvRow row; reader.next(row);) lines.push_back(row.line);
  EXPECT_THAT(lines, ElementsAre(1, 3, 5));
}

TEST(CsvTable, NamesThePlaceOfWhatIsWrong) {
  EXPECT_THAT(problem(""), HasSubstr("t.csv: expected a table whose first row"));
  EXPECT_THAT(problem("a,c\n"), HasSubstr("t.csv:1: expected a column b"));
  EXPECT_THAT(problem("a,b,a\n"), HasSubstr("t.csv:1: the column a is there twice"));
  EXPECT_THAT(problem("a,b\n1,2\n1,2,3\n"),
              HasSubstr("t.csv:3: expected 2 fields as in the first row, found 3"));
  EXPECT_THAT(problem("a,b\n\n1,\"2\n\n"), HasSubstr("t.csv:3: expected a closing quote"));
  EXPECT_THAT(problem("a,b\n\"1\" ,2\n"), HasSubstr("t.csv:2: expected a comma or the end of the row"));
}

TEST(CsvTable, FindsColumnsByName) {
  const CsvTable table("b,x,a\n1,2,3\n", "t.csv", {"a", "b"});
  ASSERT_EQ(table.rows().size(), 1U);
  EXPECT_EQ(table.rows()[0].fields[table.column("a")], "3");
  EXPECT_EQ(table.where(table.rows()[0]), "t.csv:2");
}

TEST(Csv, TakesMegabytesOfAnything) {
  const std::string million(1'000'000, '"');
  EXPECT_EQ(rows_of("\"" + million + "\"\n")[0][0].size(), 500'000U);
  EXPECT_EQ(rows_of(std::string(1'000'000, ','))[0].size(), 1'000'001U);
  EXPECT_EQ(rows_of(std::string(1'000'000, '\0'))[0][0].size(), 1'000'000U);
  EXPECT_EQ(rows_of("\xFF\xFE,\x80\n"), (Rows{{"\xFF\xFE", "\x80"}}));
}

}  // namespace
}  // namespace umm::evaluators
