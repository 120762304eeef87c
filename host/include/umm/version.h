// Version of the plugin contract. A plugin and its host must agree exactly (see plugin.h).
#pragma once

// Raised whenever any header in this folder changes meaning or layout.
#define UMM_SDK_EPOCH 1

// Marks what libumm_sdk exports; everything else has hidden visibility.
#define UMM_API __attribute__((visibility("default")))
