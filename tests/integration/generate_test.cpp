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

  Finished generate(const std::string& arguments) const {
    return run("generate small.toml pictures --layout dpg --prompts dpg.json --sampling steps=2 " +
               arguments);
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
  ASSERT_EQ(generate("--run base").exit_code, 0);
  const Finished other = generate("--run base --seed 1");
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.err, HasSubstr("made with other weights, prompts or settings"));
  write("dpg.json", R"({"a.txt": "a blue circle"})");
  EXPECT_EQ(generate("--run base").exit_code, 2) << "other prompts under the same name";
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
  refused("--run base --images 3", "dpg 4 (its grid) or 1");
  refused("--run base --sampling stpes=3",
          "expected name=value with a name of: steps, guidance_scale, temperature");
  refused("--run base --sampling steps=many", "expected an integer");
  refused("--run base --sampling steps=0", "steps");
  EXPECT_FALSE(fs::exists(folder_ / "pictures"));
}

}  // namespace
}  // namespace umm::testing
