// What architectures promise of their parameters, objectives and checkpoints.
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <set>

#include "conformance/checks.h"
#include "conformance/trial.h"
#include "estimate/meta_model.h"

#include <c10/core/GradMode.h>

namespace umm::conformance {
namespace {

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "nothing" : text;
}

void offers_what_it_declares(const Subject& subject) {
  const auto model = make_model(subject.entry(), subject.options(), 1);
  auto declared = subject.entry().provides, offered = capabilities(*model);
  std::sort(declared.begin(), declared.end());
  std::sort(offered.begin(), offered.end());
  UMM_CHECK(declared == offered, "`provides` says ", listed(declared), "; the model is ", listed(offered));
  UMM_CHECK(!declared.empty(), "it offers nothing: inherit a capability of umm/capabilities.h");
  UMM_CHECK(model->image_size() > 0, "image_size() is ", model->image_size());
}

void names_its_parameters(const Subject& subject) {
  const auto model = make_model(subject.entry(), subject.options(), 1);
  std::set<std::string> groups, paths, used;
  for (const ParameterGroup& group : model->parameter_groups()) {
    UMM_CHECK(groups.insert(group.name).second, "group `", group.name, "` is there twice");
    UMM_CHECK(!group.doc.empty(), "group `", group.name, "` has no doc");
  }
  const auto parameters = model->parameters();
  const auto others = make_model(subject.entry(), subject.options(), 2)->parameters();
  UMM_CHECK(parameters.size() == others.size(), "two models of one preset have ", parameters.size(), " and ",
            others.size(), " parameters");
  for (size_t i = 0; i < parameters.size(); ++i) {
    const std::string path = path_of(parameters[i]);
    UMM_CHECK(path == path_of(others[i]), "parameter ", i, " is `", path, "` of one model and `",
              path_of(others[i]), "` of another");
    UMM_CHECK(paths.insert(path).second, "parameter `", path, "` is there twice");
    UMM_CHECK(parameters[i].value.defined(), "parameter `", path, "` has no tensor");
    if (parameters[i].group.empty()) continue;
    UMM_CHECK(groups.contains(parameters[i].group), "parameter `", path, "` is of group `",
              parameters[i].group, "`, which is none of parameter_groups()");
    used.insert(parameters[i].group);
  }
  for (const auto& group : groups) UMM_CHECK(used.contains(group), "group `", group, "` has no parameter");
}

void initializes_from_the_seed(const Subject& subject) {
  const auto model = make_model(subject.entry(), subject.options(), 1);
  disturb_global_generator(17);
  const auto same = make_model(subject.entry(), subject.options(), 1);
  const auto other = make_model(subject.entry(), subject.options(), 2);
  const auto weights = model->parameters(), same_weights = same->parameters(),
             other_weights = other->parameters();
  bool differs = false;
  for (size_t i = 0; i < weights.size(); ++i) {
    expect_equal(weights[i].value, same_weights[i].value, path_of(weights[i]) + " of equal seeds");
    expect_finite(weights[i].value, path_of(weights[i]));
    differs = differs || !weights[i].value.equal(other_weights[i].value);
  }
  UMM_CHECK(differs, "fresh weights of two seeds are equal");
}

void draws_from_the_rng_alone(const Subject& subject) {
  const Trial trial(subject);
  disturb_global_generator(1);
  const float first = trial.loss_value(3);
  disturb_global_generator(2);
  const float again = trial.loss_value(3);
  UMM_CHECK(first == again, "equal Rngs give losses ", first, " and ", again,
            ": something is drawn elsewhere (at::rand, torch::nn dropout, std::mt19937), or kept from call "
            "to call");
}

void trains_what_it_should(const Subject& subject) {
  const Trial trial(subject);
  train_only(*trial.model, default_groups(*trial.model));
  trial.loss(*trial.model, 3).backward();
  expect_gradients(*trial.model);
  const auto groups = default_groups(*trial.model);
  for (const std::string& frozen : groups) {
    if (groups.size() < 2) break;
    std::set<std::string> rest = groups;
    rest.erase(frozen);
    Trial partly(subject);
    partly.is_partly_frozen = true;
    train_only(*partly.model, rest);
    const Tensor loss = partly.loss(*partly.model, 3);
    UMM_CHECK(loss.requires_grad(), "no loss depends on any default group but `", frozen, "`");
    loss.backward();
    for (const Parameter& parameter : partly.model->parameters())
      UMM_CHECK(parameter.group != frozen || !parameter.value.grad().defined(), path_of(parameter),
                " has a gradient while its group `", frozen, "` is frozen");
  }
}

// Plain descent, as the host does it: through the aliases that parameters() gives.
void step(const Trial& trial, Architecture& model, uint64_t seed) {
  for (Parameter& parameter : model.parameters()) parameter.value.mutable_grad() = Tensor();
  trial.loss(model, seed).backward();
  const c10::NoGradGuard no_grad;
  for (Parameter& parameter : model.parameters())
    if (parameter.value.grad().defined()) parameter.value.sub_(parameter.value.grad(), 1e-3);
}

// Through files, as the host stores it.
void copy_by_checkpoint(Architecture& from, Architecture& to) {
  static std::atomic<int> count{0};
  const auto folder =
      std::filesystem::temp_directory_path() / detail::concat("umm_conformance_", getpid(), "_", count++);
  std::filesystem::create_directories(folder);
  std::map<std::string, std::vector<NamedTensor>> files;
  for (const Parameter& parameter : from.parameters())
    files[parameter.component].push_back({parameter.name, parameter.value.detach()});
  std::map<std::string, Tensor> stored;
  for (const auto& [component, tensors] : files) {
    const std::string file = (folder / (component + ".safetensors")).string();
    write_safetensors(file, tensors);
    for (const NamedTensor& tensor : read_safetensors(file))
      stored[component + "/" + tensor.name] = tensor.value;
  }
  std::filesystem::remove_all(folder);
  const c10::NoGradGuard no_grad;
  for (Parameter& parameter : to.parameters()) parameter.value.copy_(stored.at(path_of(parameter)));
}

void survives_its_checkpoint(const Subject& subject) {
  const Trial trial(subject);
  train_only(*trial.model, default_groups(*trial.model));
  const float before = trial.loss_value(5);
  step(trial, *trial.model, 3);
  step(trial, *trial.model, 4);
  const float trained = trial.loss_value(5);
  UMM_CHECK(trained != before, "two steps of descent leave the loss at ", before,
            ": parameters() gives copies of the tensors, or a view");
  const auto resumed = make_model(subject.entry(), subject.options(), 2);
  train_only(*resumed, default_groups(*resumed));
  copy_by_checkpoint(*trial.model, *resumed);
  const float restored = trial.loss(*resumed, 5).item<float>();
  UMM_CHECK(restored == trained, "a model loaded from its checkpoint has loss ", restored, ", not ", trained,
            ": parameters() lacks a tensor");
  step(trial, *trial.model, 5);
  step(trial, *resumed, 5);
  const auto straight = trial.model->parameters(), after = resumed->parameters();
  for (size_t i = 0; i < straight.size(); ++i)
    expect_equal(straight[i].value, after[i].value, path_of(straight[i]) + ", resumed and straight on,");
}

void refuses_wrong_inputs(const Subject& subject) {
  const Trial trial(subject);
  const Tensor& images = trial.batch.images;
  const float before = trial.loss_value(3);
  Rng rng(1);
  if (auto* generator = dynamic_cast<GenerationObjective*>(trial.model.get())) {
    const auto loss = [&](const Condition& condition, const Tensor& targets) {
      return [&generator, &rng, condition, targets] { generator->generation_loss(condition, targets, rng); };
    };
    const Condition too_few{{text_segment({trial.batch.captions[0]})}};
    expect_refusal("a grey target [B, 1, H, W]", loss(trial.condition(), images.slice(1, 0, 1)));
    expect_refusal("a narrow target [B, 3, H, 3]", loss(trial.condition(), images.slice(3, 0, 3)));
    expect_refusal("a target without a batch [3, H, W]", loss(trial.condition(), images[0]));
    expect_refusal("one caption for two pictures", loss(too_few, images));
  }
  if (auto* encoder = dynamic_cast<ImageEncoder*>(trial.model.get())) {
    expect_refusal("an encoder that it does not have",
                   [&] { encoder->encode_image("no such encoder", images); });
    expect_refusal("a grey picture [B, 1, H, W]", [&] { encoder->encode_image("", images.slice(1, 0, 1)); });
  }
  if (auto* reader = dynamic_cast<TextObjective*>(trial.model.get()))
    expect_refusal("one answer to two questions",
                   [&] { reader->text_loss(trial.question(), {trial.batch.answers[0]}, rng); });
  UMM_CHECK(before == trial.loss_value(3), "after it refused wrong inputs its loss is another");
}

void rehearse(const Subject& subject, at::ScalarType dtype) {
  Trial trial(subject);
  trial.batch.images = trial.batch.images.to(at::kMeta);
  const auto model = make_meta_model({subject.entry().id, subject.options()}, subject.catalogue());
  for (Parameter& parameter : model->parameters())
    if (parameter.value.is_floating_point()) parameter.value.set_data(parameter.value.detach().to(dtype));
  model->set_training(true);
  train_only(*model, default_groups(*model));
  Rng rng(3);
  if (auto* generator = dynamic_cast<GenerationObjective*>(model.get()))
    generator->generation_loss(trial.condition(), trial.batch.images, rng).mean().backward();
  if (auto* reader = dynamic_cast<TextObjective*>(model.get()))
    reader->text_loss(trial.question(), trial.batch.answers, rng).mean().backward();
  if (auto* codec = dynamic_cast<ImageCodec*>(model.get())) {
    const auto groups = codec->codec_groups();
    train_only(*model, {groups.begin(), groups.end()});
    codec->codec_loss(trial.batch.images, rng).mean().backward();
    codec->round_trip(trial.batch.images);
  }
  const c10::NoGradGuard no_gradient;
  if (auto* sampler = dynamic_cast<ImageGenerator*>(model.get())) {
    std::vector<Rng> rngs(kBatchSize, rng);
    const Condition words{{text_segment(trial.batch.captions)}};
    sampler->generate(words, Options(subject.entry().sampling, {}), rngs);
  }
}

// What LibTorch says of an operation on a tensor without values, in words about the model.
[[noreturn]] void rethrow_translated(const std::string& message) {
  static const std::set<std::string> kLooks = {
      "aten::_local_scalar_dense", "aten::nonzero",       "aten::equal",
      "aten::is_nonzero",          "aten::masked_select", "aten::_unique2"};
  const auto end = message.find(": attempted to run this operator with Meta tensors");
  if (message.find("Cannot copy out of meta tensor") != std::string::npos)
    throw Error("it copies a tensor to the host");
  if (end == std::string::npos) throw Error(first_line(message));
  const std::string operation = message.substr(0, end);
  if (!kLooks.contains(operation))
    throw NotApplicable("LibTorch has no kernel without values for " + operation);
  throw Error("it looks at a value on the device by " + operation +
              ": .item(), if or while on a tensor, a shape that depends on values");
}

// `plan` counts a model's work this way, and a GPU waits for every look at a value.
void runs_without_values(const Subject& subject) {
  try {
    rehearse(subject, at::kFloat);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    rethrow_translated(error.what());
  }
}

void runs_in_bf16(const Subject& subject) {
  try {
    runs_without_values(subject);
  } catch (const std::exception&) {
    throw NotApplicable("needs `values`");
  }
  try {
    rehearse(subject, at::kBFloat16);
  } catch (const std::exception& error) {
    throw Error("with train.precision = \"bf16\" it would fail: " + first_line(error.what()));
  }
}

}  // namespace

std::vector<Check> architecture_checks() {
  return {
      {"capabilities", "it can do what it declares, and nothing else", offers_what_it_declares},
      {"parameters", "parameters and groups are named once and always alike", names_its_parameters},
      {"initialize", "fresh weights depend on the seed alone", initializes_from_the_seed},
      {"randomness", "losses are finite, and draw from the Rng alone", draws_from_the_rng_alone},
      {"gradients", "a gradient reaches what is trained, and nothing that is frozen", trains_what_it_should},
      {"checkpoint", "a model from its checkpoint trains on bit by bit as if never stopped",
       survives_its_checkpoint},
      {"refusals", "wrong inputs are refused by name and leave it usable", refuses_wrong_inputs},
      {"values", "objectives and sampling look at no value on the device", runs_without_values},
      {"bf16", "they run with weights in bfloat16, too", runs_in_bf16}};
}

}  // namespace umm::conformance
