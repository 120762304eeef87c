# Target `bundle`: everything that a bare cluster node lacks, LibTorch apart, in one relocatable folder:
# build/<preset>/bundle/ummbench.  What is in it: cmake/bundle.sh.
add_custom_target(bundle
  COMMAND ${PROJECT_SOURCE_DIR}/cmake/bundle.sh ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR} ${UMM_TORCH_ROOT}
          ${UMM_TORCH_CPU_BUILD_ID}
  DEPENDS ummbench plugins
  USES_TERMINAL)
