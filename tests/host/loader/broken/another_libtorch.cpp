extern "C" __attribute__((visibility("default"))) int from_another_libtorch() {
  return 1;
}
