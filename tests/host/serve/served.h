// A served output folder: the small sweep, a picture, a secret beside the folder and links that lead to it.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include "results/run_folder.h"
#include "serve/server.h"
#include "tests/results/small_database.h"

namespace umm {

class Served : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_ / "out/sweeps");
    std::filesystem::create_directories(folder_ / "out/images/a");
    output_ = folder_ / "out";
    std::ofstream(folder_ / "secret.png") << "secret";
    std::ofstream(output_ / "images/a/0.png") << "picture";
    std::filesystem::create_symlink(folder_ / "secret.png", output_ / "images/link.png");
    std::filesystem::create_directory_symlink(folder_.path(), output_ / "images/up");
    {
      results::Store store = results::Store::open(results::database_file(output_).string());
      results::fill_small_database(store);
    }
    put_sweep("small");
  }

  void put_sweep(const std::string& name) const {
    results::SubmittedSweep sweep{{name, "three rows", "small.toml", "name = \"small\""}, {}, {}};
    for (const auto& [label, seed] : {std::pair("base", 0), std::pair("sft", 0), std::pair("sft", 1),
                                      std::pair("reca", 0), std::pair("reca", 1)}) {
      auto run = results::small_run(label, seed);
      run.sweep = name;
      sweep.runs.emplace_back(run, results::small_stages(label, seed));
      sweep.names.push_back(std::string(label) + ", seed " + std::to_string(seed));
    }
    std::ofstream(results::sweep_file(output_, name)) << results::to_text(sweep);
  }

  void start(const std::string& token = "") {
    pages_ = std::make_unique<Pages>(
        PagesOptions{output_, "0.1.0", std::chrono::milliseconds(50), std::chrono::milliseconds(50)});
    server_ = std::make_unique<PageServer>(*pages_, output_, ServerOptions{"127.0.0.1", 0, token});
    for (int i = 0; i < 400 && pages_->sweeps().empty(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
  }

  int port() const { return server_->port(); }

  results::TemporaryFolder folder_;
  std::filesystem::path output_;
  std::unique_ptr<Pages> pages_;
  std::unique_ptr<PageServer> server_;
};

}  // namespace umm
