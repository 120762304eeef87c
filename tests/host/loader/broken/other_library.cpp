extern "C" __attribute__((visibility("default"))) int from_other_library() {
  return 1;
}
