# Everything from outside: Debian's packages (cmake/packages.txt) and LibTorch (cmake/libtorch.txt).
# Defines  umm::torch_cpu, umm::c10    (UmmTorch.cmake)
#          umm::boost_dll              Boost.DLL over std::filesystem
#          umm::libzip, umm::webp, umm::httplib
#          UMM_TORCH_VERSION, UMM_TORCH_CPU_BUILD_ID, UMM_C10_BUILD_ID, UMM_TORCH_ROOT (the folder used)

find_package(Threads REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(PNG REQUIRED)
find_package(ZLIB REQUIRED)
find_package(JPEG REQUIRED)
find_package(LibArchive REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(CURL REQUIRED)
find_path(UMM_LIBZIP_INCLUDE zip.h REQUIRED)  # Debian's CMake file of libzip asks for its command line tools
find_library(UMM_LIBZIP zip REQUIRED)
find_path(UMM_WEBP_INCLUDE webp/decode.h REQUIRED)  # CMake brings no module for it
find_library(UMM_WEBP webp REQUIRED)
find_path(UMM_HTTPLIB_INCLUDE httplib.h REQUIRED)  # Debian's package has a .pc file alone
find_library(UMM_HTTPLIB cpp-httplib REQUIRED)
if(BUILD_TESTING)
  find_package(GTest REQUIRED)
  find_package(benchmark REQUIRED)
endif()

add_library(umm::libzip UNKNOWN IMPORTED GLOBAL)
set_target_properties(umm::libzip PROPERTIES
  IMPORTED_LOCATION ${UMM_LIBZIP} INTERFACE_INCLUDE_DIRECTORIES ${UMM_LIBZIP_INCLUDE})
add_library(umm::webp UNKNOWN IMPORTED GLOBAL)
set_target_properties(umm::webp PROPERTIES
  IMPORTED_LOCATION ${UMM_WEBP} INTERFACE_INCLUDE_DIRECTORIES ${UMM_WEBP_INCLUDE})

add_library(umm::httplib UNKNOWN IMPORTED GLOBAL)
set_target_properties(umm::httplib PROPERTIES
  IMPORTED_LOCATION ${UMM_HTTPLIB} INTERFACE_INCLUDE_DIRECTORIES ${UMM_HTTPLIB_INCLUDE}
  # As Debian compiled it; they decide what is in its classes.
  INTERFACE_COMPILE_DEFINITIONS "CPPHTTPLIB_OPENSSL_SUPPORT;CPPHTTPLIB_ZLIB_SUPPORT;CPPHTTPLIB_BROTLI_SUPPORT"
  INTERFACE_LINK_LIBRARIES Threads::Threads)

add_library(umm_boost_dll INTERFACE)
add_library(umm::boost_dll ALIAS umm_boost_dll)
target_compile_definitions(umm_boost_dll INTERFACE BOOST_DLL_USE_STD_FS)
target_link_libraries(umm_boost_dll INTERFACE Boost::headers ${CMAKE_DL_LIBS})

file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/libtorch.txt pinned REGEX "^torch==")
string(REGEX REPLACE "^torch==([^ ]+) .*" "\\1" UMM_TORCH_VERSION "${pinned}")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/libtorch.txt)

set(UMM_TORCH_ROOT "${UMM_TORCH_DIR}")
if(NOT UMM_TORCH_ROOT)
  set(UMM_TORCH_ROOT ${CMAKE_SOURCE_DIR}/.deps/libtorch-${UMM_TORCH_VERSION}/torch)
endif()
set(version_header ${UMM_TORCH_ROOT}/include/torch/headeronly/version.h)
if(NOT EXISTS ${UMM_TORCH_ROOT}/lib/libtorch_cpu.so OR NOT EXISTS ${version_header})
  message(FATAL_ERROR "no LibTorch ${UMM_TORCH_VERSION} in ${UMM_TORCH_ROOT}: run cmake/bootstrap.sh, "
                      "or set UMM_TORCH_DIR to the torch folder of an unpacked wheel")
endif()
file(STRINGS ${version_header} found REGEX "^  \"[0-9.]+\"$")
if(NOT found STREQUAL "  \"${UMM_TORCH_VERSION}\"")
  message(FATAL_ERROR "LibTorch in ${UMM_TORCH_ROOT} is ${found}, wanted ${UMM_TORCH_VERSION}")
endif()
include(${CMAKE_CURRENT_LIST_DIR}/UmmTorch.cmake)
