// The plugin SDK in one include, in reading order.
#pragma once

#include "umm/architecture.h"
#include "umm/batch.h"
#include "umm/capabilities.h"
#include "umm/checkpoint.h"
#include "umm/condition.h"
#include "umm/dataset.h"
#include "umm/error.h"
#include "umm/evaluator.h"
#include "umm/image.h"
#include "umm/log.h"
#include "umm/method.h"
#include "umm/options.h"
#include "umm/plugin.h"
#include "umm/random.h"
#include "umm/tensor.h"
#include "umm/version.h"
