// The plugin SDK in one include, in reading order.
#pragma once

// clang-format off
#include "umm/version.h"
#include "umm/tensor_fwd.h"
#include "umm/tensor.h"
#include "umm/error.h"
#include "umm/log.h"
#include "umm/file.h"
#include "umm/sha256.h"
#include "umm/stop.h"
#include "umm/work.h"
#include "umm/random.h"
#include "umm/options.h"
#include "umm/image.h"
#include "umm/batch.h"
#include "umm/condition.h"
#include "umm/architecture.h"
#include "umm/checkpoint.h"
#include "umm/capabilities.h"
#include "umm/method.h"
#include "umm/dataset.h"
#include "umm/evidence.h"
#include "umm/evaluator.h"
#include "umm/plugin_kind.h"
#include "umm/plugin.h"
// clang-format on
