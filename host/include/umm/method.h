// An alignment (post-training) method: it chooses condition, target, loss terms and what is trained,
// and calls the architecture's capabilities. No method knows an architecture's name.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "umm/architecture.h"
#include "umm/batch.h"
#include "umm/capabilities.h"
#include "umm/random.h"

namespace umm {

// A named stream of micro-batches; the spec says which dataset feeds it: [data.<flow>].
struct Flow {
  std::string name;  // "recon", "i2t", "t2i"
  std::string doc;
};

struct LossTerm {
  std::string name;   // becomes a training curve
  double weight = 1;  // loss = sum of weight x mean(loss)
  TokenLoss loss;
};

class UMM_API Method {
 public:
  virtual ~Method();

  // The streams it needs under its options; one with weight zero is not asked for.
  virtual std::vector<Flow> flows() const = 0;

  // Parameter groups to train. Default: the architecture's own defaults. The spec may override it.
  virtual std::vector<std::string> trained_groups(Architecture& model) const;

  // `batches` holds one micro-batch for each flow of this micro-iteration: all of flows(), or those that the
  // spec's `train.flow_cycle` gives this one. [train mode]
  virtual std::vector<LossTerm> loss(Architecture& model, const std::map<std::string, Batch>& batches,
                                     Rng& rng) = 0;
};

}  // namespace umm
