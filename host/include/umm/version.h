// Version of the plugin contract. A plugin and its host must agree exactly (see plugin.h).
#pragma once

// Raised by hand when the SDK changes its meaning; the contents of its headers are compared besides.
#define UMM_SDK_EPOCH 2

// Layout of the entry point that a host of any epoch can read (UmmPluginEntry in plugin.h).
#define UMM_ENTRY_ABI 1

// Marks what libumm_sdk exports; everything else has hidden visibility.
#define UMM_API __attribute__((visibility("default")))
