# umm::build_identity: the header umm/build_identity.h, whose macro UMM_BUILD_IDENTITY_TEXT holds everything that
# host and plugin must have in common.  The SDK library compiles it in, and each plugin carries it in the ELF section
# umm_plugin_meta, which the loader compares line by line before any code of the plugin runs.

# The SDK's interface: the contents of its public headers.  The folder is a dependency too: its time changes where a
# header comes or goes.
file(GLOB UMM_SDK_HEADERS ${PROJECT_SOURCE_DIR}/host/include/umm/*.h)
list(SORT UMM_SDK_HEADERS)
set(listing "")
foreach(header IN LISTS UMM_SDK_HEADERS)
  file(SHA256 ${header} digest)
  get_filename_component(header_name ${header} NAME)
  string(APPEND listing "${digest}  ${header_name}\n")
endforeach()
string(SHA256 UMM_SDK_FINGERPRINT "${listing}")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  ${PROJECT_SOURCE_DIR}/host/include/umm ${UMM_SDK_HEADERS})

set(UMM_GENERATED_DIR ${PROJECT_BINARY_DIR}/generated)
configure_file(${CMAKE_CURRENT_LIST_DIR}/build_identity.h.in ${UMM_GENERATED_DIR}/umm/build_identity.h @ONLY)

add_library(umm_build_identity INTERFACE)
add_library(umm::build_identity ALIAS umm_build_identity)
target_include_directories(umm_build_identity INTERFACE ${UMM_GENERATED_DIR})
