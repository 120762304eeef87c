// ummbench report and ummbench serve as a user calls them.
#include "program.h"

namespace umm::testing {
namespace {

class Pages : public ProgramTest {};

TEST_F(Pages, AReportOfASweep) {
  write("small.toml", small_spec());
  ASSERT_EQ(run("run small.toml").exit_code, 0);
  const Finished of_folder = run("report out --output out/report.html");
  EXPECT_EQ(of_folder.exit_code, 0) << of_folder.err;
  EXPECT_EQ(of_folder.out, "out/report.html\n");
  const std::string page = read_text(folder_ / "out/report.html");
  for (const char* text : {"<title>small</title>", ">sft</th>", ">reca</th>", "data:image/", "loss"})
    EXPECT_NE(page.find(text), std::string::npos) << text;
  EXPECT_EQ(run("report out/results.sqlite --sweep small --thumbnails 0").exit_code, 0);
  EXPECT_EQ(read_text(folder_ / "report.html").find("data:image/"), std::string::npos);

  const Finished other = run("report out --sweep other");
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_NE(other.err.find("there is no sweep 'other'; the database has: small"), std::string::npos)
      << other.err;
  const Finished nowhere = run("report out --output none/report.html");
  EXPECT_EQ(nowhere.exit_code, 2);
  EXPECT_NE(nowhere.err.find("none/report.html: the page cannot be written"), std::string::npos)
      << nowhere.err;

  // Served until it is asked to stop; a token where others can reach it.
  const std::string wait =
      "for i in $(seq 200); do [ -s url ] && break; sleep 0.05; done; kill -TERM $p; wait $p";
  const std::string serve = "'" UMM_BINARY_DIR "/ummbench' serve out --port 0 ";
  EXPECT_EQ(run_command(serve + "> url & p=$!; " + wait).exit_code, 0);
  EXPECT_EQ(read_text(folder_ / "url").substr(0, 17), "http://127.0.0.1:");
  std::filesystem::remove(folder_ / "url");
  EXPECT_EQ(run_command(serve + "--bind 0.0.0.0 > url & p=$!; " + wait).exit_code, 0);
  EXPECT_NE(read_text(folder_ / "url").find("/?token="), std::string::npos);
}

TEST_F(Pages, WhatIsNotThere) {
  const Finished report = run("report none");
  EXPECT_EQ(report.exit_code, 2);
  EXPECT_NE(report.err.find("none: expected a database or an output folder"), std::string::npos)
      << report.err;
  const Finished serve = run("serve none");
  EXPECT_EQ(serve.exit_code, 2);
  EXPECT_NE(serve.err.find("none: expected the output folder of a sweep"), std::string::npos) << serve.err;
  const Finished empty = run("serve .");
  EXPECT_EQ(empty.exit_code, 2);
  EXPECT_NE(empty.err.find("no sweep was started here"), std::string::npos) << empty.err;
  write("text.sqlite", "no database");
  EXPECT_EQ(run("report text.sqlite").exit_code, 2);
}

}  // namespace
}  // namespace umm::testing
