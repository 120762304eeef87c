// ummbench generate through the real program.
#include <gmock/gmock.h>

#include "program.h"

namespace umm::testing {
namespace {

using ::testing::HasSubstr;

class GenerateTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    write("small.toml", small_spec());
    write("dpg.json", R"({"a.txt": "a red circle", "b.txt": "two blue squares", "c.txt": "a ring"})");
  }

  Finished generate(const std::string& arguments, const std::string& folder = "pictures") const {
    return run("generate small.toml " + folder +
               " --layout dpg --prompts dpg.json --option draw_only=true --sampling steps=2 " + arguments);
  }
};

TEST_F(GenerateTest, DrawsOnceAndGoesOnWhereItStopped) {
  const Finished first = generate("--run base --batch 4");
  ASSERT_EQ(first.exit_code, 0) << first.err;
  const std::string a = read_text(folder_ / "pictures/a.png"), b = read_text(folder_ / "pictures/b.png");
  EXPECT_FALSE(a.empty());
  EXPECT_NE(a, b);
  fs::remove(folder_ / "pictures/b.png");
  EXPECT_EQ(generate("--run base --batch 12").exit_code, 0);
  EXPECT_EQ(read_text(folder_ / "pictures/b.png"), b) << "whatever it is drawn with";
  EXPECT_THAT(generate("--run base").out, HasSubstr("all 3 prompts have their pictures"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "pictures"), {}), 3) << "nothing but pictures";
}

TEST_F(GenerateTest, OtherSettingsWantAnotherFolder) {
  const fs::path words = UMM_SOURCE_DIR "/experiments/tiny/vocabulary.txt";
  std::string spec = small_spec();
  write("words.txt", read_text(words));
  write("small.toml", spec.replace(spec.find(words.string()), words.string().size(), "words.txt"));
  ASSERT_EQ(generate("--run base --images 1").exit_code, 0);
  const std::string same = "--run base --option 'images_per_prompt = 1'";
  EXPECT_THAT(generate(same, "pictures/").out, HasSubstr("all 3 prompts have their pictures"));
  const auto expect_refused = [&](const std::string& arguments, const std::string& folder) {
    const Finished other = generate(arguments, folder);
    EXPECT_EQ(other.exit_code, 2) << arguments << " " << folder;
    EXPECT_THAT(other.err, HasSubstr("made with other weights, prompts, settings or plugins"));
  };
  expect_refused(same + " --seed 1", "pictures");
  expect_refused(same + " --seed 1", "pictures/");
  write("words.txt", read_text(words) + "zebra\n");
  expect_refused(same, "pictures");  // its name is the same
  write("words.txt", read_text(words));
  EXPECT_EQ(generate(same).exit_code, 0);
  write("dpg.json", R"({"a.txt": "a blue circle"})");
  expect_refused(same, "pictures");
}

// What is drawn lies where `score` looks for it.
TEST_F(GenerateTest, AProtocolIsDrawnAndScored) {
  ASSERT_EQ(run_command("mkdir -p protocols/geneval && "
                        "sed -e 's/^images_per_prompt.*/images_per_prompt = 2/' "
                        "-e 's/seed = 7/seed = 7, prompts_per_tag = 1/' " UMM_SOURCE_DIR
                        "/experiments/protocols/geneval/tiny-4x.toml > protocols/geneval/small.toml")
                .exit_code,
            0);
  const Finished drawn =
      run("generate small.toml pictures --run base --protocol geneval/small --sampling steps=2");
  ASSERT_EQ(drawn.exit_code, 0) << drawn.err;
  EXPECT_THAT(read_text(folder_ / "pictures/00005/metadata.jsonl"), HasSubstr("\"tag\""));
  const Finished scored = run("score geneval/small --images pictures");
  EXPECT_EQ(scored.exit_code, 0) << scored.err;
  EXPECT_THAT(scored.out, HasSubstr("12 pictures"));
}

TEST_F(GenerateTest, ALayoutWithOnePlaceGetsOnePicture) {
  write("asked.json",
        R"([{"Prompt": "ice in the sun", "Explanation": "it melts", "Category": "time", "Subcategory": "s",
             "prompt_id": 401}])");
  const std::string wise =
      "generate small.toml wise --run base --layout wise --prompts asked.json "
      "--sampling steps=2";
  const Finished drawn = run(wise);
  ASSERT_EQ(drawn.exit_code, 0) << drawn.err;
  EXPECT_TRUE(fs::exists(folder_ / "wise/401.png"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "wise"), {}), 1);
  EXPECT_THAT(run(wise + " --images 4").err, HasSubstr("a place for one picture of each prompt"));
}

TEST_F(GenerateTest, SaysWhatIsWrongAndWritesNothing) {
  const auto refused = [&](const std::string& arguments, const std::string& message) {
    const Finished finished = generate(arguments);
    EXPECT_EQ(finished.exit_code, 2) << arguments;
    EXPECT_THAT(finished.err, HasSubstr(message)) << arguments;
  };
  refused("", "say with --run which run's weights draw; there are \"base\"");
  refused("--run rcea", "there is no run \"rcea\"; there are \"base\"");
  refused("--run \"reca\"", "is not trained yet; first: ummbench run");
  refused("--run base --images 3", "holds 4 pictures of each prompt, or 1");
  refused("--run base --sampling stpes=3",
          "expected name=value with a name of: steps, guidance_scale, temperature");
  refused("--run base --sampling steps=many", "expected an integer");
  refused("--run base --sampling steps=0", "steps");
  const auto other = [&](const std::string& arguments) {
    const Finished finished = run("generate small.toml pictures --run base " + arguments);
    EXPECT_EQ(finished.exit_code, 2) << arguments;
    return finished.err;
  };
  EXPECT_THAT(other(""), HasSubstr("say what to draw: --protocol"));
  EXPECT_THAT(other("--layout dpg --prompts dpg.json"), HasSubstr("draw_only = true"));
  EXPECT_THAT(other("--layout dgp --prompts dpg.json"), HasSubstr("did you mean `dpg`"));
  write("edits.json", R"({"1": {"id": "a.jpg", "prompt": "Add a cat.", "edit_type": "add"}})");
  EXPECT_THAT(other("--layout imgedit --prompts edits.json"), HasSubstr("item 1 asks for an edit of a.jpg"));
  EXPECT_THAT(other("--protocol geneval/tiny-4x --images 1"), HasSubstr("S151"));
  EXPECT_FALSE(fs::exists(folder_ / "pictures"));
}

}  // namespace
}  // namespace umm::testing
