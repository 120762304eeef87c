# Everything from outside: Debian's packages (cmake/packages.txt) and LibTorch (cmake/libtorch.txt).
# Defines  umm::torch_cpu, umm::c10    LibTorch's two libraries, with its headers as system headers
#          umm::boost_dll              Boost.DLL over std::filesystem
#          umm::libzip
#          UMM_TORCH_VERSION, UMM_TORCH_CPU_BUILD_ID, UMM_C10_BUILD_ID, UMM_TORCH_ROOT (the folder used)
# Rationale: the wheel's own find_package(Torch) insists on a CUDA toolkit; a host linked against libtorch_cpu and
# libc10 alone runs with and without a GPU, and loads libtorch_cuda.so at run time.

find_package(Threads REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(PNG REQUIRED)
find_package(JPEG REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_path(UMM_LIBZIP_INCLUDE zip.h REQUIRED)  # Debian's CMake file of libzip asks for its command line tools
find_library(UMM_LIBZIP zip REQUIRED)
if(BUILD_TESTING)
  find_package(GTest REQUIRED)
  find_package(benchmark REQUIRED)
endif()

add_library(umm::libzip UNKNOWN IMPORTED GLOBAL)
set_target_properties(umm::libzip PROPERTIES
  IMPORTED_LOCATION ${UMM_LIBZIP} INTERFACE_INCLUDE_DIRECTORIES ${UMM_LIBZIP_INCLUDE})

add_library(umm_boost_dll INTERFACE)
add_library(umm::boost_dll ALIAS umm_boost_dll)
target_compile_definitions(umm_boost_dll INTERFACE BOOST_DLL_USE_STD_FS)
target_link_libraries(umm_boost_dll INTERFACE Boost::headers ${CMAKE_DL_LIBS})

# Reads the GNU build id of an ELF file: the only identity of a LibTorch that two builds never share.
function(umm_read_build_id file variable)
  execute_process(COMMAND ${CMAKE_READELF} -n ${file} OUTPUT_VARIABLE notes ERROR_QUIET)
  if(NOT notes MATCHES "Build ID: ([0-9a-f]+)")
    message(FATAL_ERROR "${file} carries no GNU build id, so plugins could not be checked against it")
  endif()
  set(${variable} ${CMAKE_MATCH_1} PARENT_SCOPE)
endfunction()

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
umm_read_build_id(${UMM_TORCH_ROOT}/lib/libtorch_cpu.so UMM_TORCH_CPU_BUILD_ID)
umm_read_build_id(${UMM_TORCH_ROOT}/lib/libc10.so UMM_C10_BUILD_ID)

# The wheel brings other projects' headers along; its fmt would win over the system's, whose library we link.
# So the include folder is one of links to all but those.
set(torch_include ${PROJECT_BINARY_DIR}/generated/libtorch)
file(REMOVE_RECURSE ${torch_include})
file(MAKE_DIRECTORY ${torch_include})
file(GLOB entries RELATIVE ${UMM_TORCH_ROOT}/include ${UMM_TORCH_ROOT}/include/*)
list(REMOVE_ITEM entries fmt google pybind11)
foreach(entry IN LISTS entries)
  file(CREATE_LINK ${UMM_TORCH_ROOT}/include/${entry} ${torch_include}/${entry} SYMBOLIC)
endforeach()

foreach(library IN ITEMS c10 torch_cpu)
  add_library(umm::${library} SHARED IMPORTED GLOBAL)
  set_target_properties(umm::${library} PROPERTIES
    IMPORTED_LOCATION ${UMM_TORCH_ROOT}/lib/lib${library}.so
    IMPORTED_SONAME lib${library}.so)
  target_include_directories(umm::${library} SYSTEM INTERFACE
    ${torch_include} ${torch_include}/torch/csrc/api/include)
  target_link_options(umm::${library} INTERFACE LINKER:--no-as-needed)
endforeach()
target_link_libraries(umm::torch_cpu INTERFACE umm::c10)
