# cmake --install build/<preset> --prefix P: the program, its plugins, and the SDK for plugins of one's own.
#   bin/ummbench   lib/*.so   lib/ummbench/plugins/*.umm.so   share/ummbench: the tiny world, protocols, templates
#   include/umm: the contract   include/images: pictures   include/umm_common: shared blocks   lib/cmake/UmmSdk
#   lib/torch: a link to the LibTorch of the build
# The folder may be moved; everything in it but that link is found from the program's or the library's own place.
include(CMakePackageConfigHelpers)

set(sdk_folder lib/cmake/UmmSdk)
set_target_properties(ummbench PROPERTIES INSTALL_RPATH "$ORIGIN/../lib;$ORIGIN/../lib/torch/lib")
set_target_properties(umm_sdk umm_common PROPERTIES INSTALL_RPATH "$ORIGIN;$ORIGIN/torch/lib")
install(TARGETS ummbench RUNTIME DESTINATION bin)
install(TARGETS umm_sdk umm_common LIBRARY DESTINATION lib)

install(DIRECTORY host/include/umm DESTINATION include)
install(FILES host/images/encode.h host/images/picture_file.h host/images/resize.h DESTINATION include/images)
install(FILES ${UMM_GENERATED_DIR}/umm/build_identity.h DESTINATION include/umm)
install(DIRECTORY plugins/common/ DESTINATION include/umm_common FILES_MATCHING PATTERN "*.h")
install(DIRECTORY experiments/tiny experiments/protocols templates DESTINATION share/ummbench)
install(CODE "file(MAKE_DIRECTORY \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib\")
  file(CREATE_LINK \"${UMM_TORCH_ROOT}\" \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib/torch\" SYMBOLIC)")

configure_file(cmake/UmmSdkConfig.cmake.in ${UMM_GENERATED_DIR}/UmmSdkConfig.cmake @ONLY)
write_basic_package_version_file(${UMM_GENERATED_DIR}/UmmSdkConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  ${UMM_GENERATED_DIR}/UmmSdkConfig.cmake ${UMM_GENERATED_DIR}/UmmSdkConfigVersion.cmake
  cmake/UmmPlugin.cmake cmake/UmmFlags.cmake cmake/UmmTorch.cmake cmake/plugin_identity.cpp.in cmake/plugin_exports.map
  cmake/torch_pch.cpp cmake/torch_pch.h
  DESTINATION ${sdk_folder})
