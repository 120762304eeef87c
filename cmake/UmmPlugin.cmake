# The part of the build's vocabulary that plugins outside the project have too (UmmSdkConfig.cmake):
#   umm_add_plugin(<name> KIND architecture|method|dataset|judge|evaluator SOURCES ... [LINK ...] [DATA ...] [VERSION v]
#                  [CHECK argument...])
#   umm_add_executable(<name> SOURCES ... [LINK ...] [TORCH])
#   umm_add_test(<name> SOURCES ... [LINK ...] [LABELS ...] [DEPENDS ...] [TORCH])
# TORCH: the sources use ATen, so compile them with the precompiled header.
# Targets: umm::flags (every target links it), umm_torch_pch, plugins (all plugins).

include(${CMAKE_CURRENT_LIST_DIR}/UmmFlags.cmake)

add_custom_target(plugins)

add_library(umm_torch_pch OBJECT ${CMAKE_CURRENT_LIST_DIR}/torch_pch.cpp)
target_link_libraries(umm_torch_pch PRIVATE umm::flags umm::torch_cpu)
target_precompile_headers(umm_torch_pch PRIVATE ${CMAKE_CURRENT_LIST_DIR}/torch_pch.h)

# What all targets share.  No <name>_EXPORTS macro and no other difference in flags: a precompiled header is only
# reused between equal command lines.
function(umm_set_up_target target torch)
  target_link_libraries(${target} PRIVATE umm::flags)
  set_target_properties(${target} PROPERTIES DEFINE_SYMBOL "" BUILD_RPATH_USE_ORIGIN ON)
  if(torch)
    target_link_libraries(${target} PRIVATE umm::torch_cpu)
    target_precompile_headers(${target} REUSE_FROM umm_torch_pch)
  endif()
endfunction()

function(umm_check_arguments)
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "not understood: ${ARG_UNPARSED_ARGUMENTS}; files go behind SOURCES, targets behind LINK")
  elseif(NOT ARG_SOURCES)
    message(FATAL_ERROR "SOURCES is empty")
  endif()
endfunction()

function(umm_add_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "TORCH" "" "SOURCES;LINK")
  umm_check_arguments()
  add_executable(${name} ${ARG_SOURCES})
  umm_set_up_target(${name} ${ARG_TORCH})
  target_link_libraries(${name} PRIVATE ${ARG_LINK})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
endfunction()

# Stops where CUDA sources of a plugin would make one that is refused, or whose identity could not say for which GPUs it
# is: `native` and `all` are no numbers to compare with.
function(umm_check_cuda name)
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if(NOT CUDA IN_LIST languages)
    message(FATAL_ERROR "umm_add_plugin(${name}): SOURCES hold CUDA (.cu), which the project does not enable\n"
                        "  fix     project(... LANGUAGES CXX CUDA)")
  elseif(NOT CMAKE_CUDA_COMPILER_VERSION MATCHES "^${UMM_TORCH_CUDA_MAJOR}\\.")
    message(FATAL_ERROR "umm_add_plugin(${name}): another CUDA than LibTorch's: the plugin would be refused (P008)\n"
                        "  found   ${CMAKE_CUDA_COMPILER}: CUDA ${CMAKE_CUDA_COMPILER_VERSION}\n"
                        "  needs   the major version of ${UMM_TORCH_ROOT}: ${UMM_TORCH_CUDA_MAJOR}\n"
                        "  fix     set CMAKE_CUDA_COMPILER to the nvcc of such a CUDA")
  endif()
  foreach(architecture IN LISTS CMAKE_CUDA_ARCHITECTURES)
    if(NOT architecture MATCHES "^[0-9]+[af]?(-real|-virtual)?$")
      message(FATAL_ERROR "umm_add_plugin(${name}): CMAKE_CUDA_ARCHITECTURES is '${CMAKE_CUDA_ARCHITECTURES}'; it must "
                          "name architectures by number, as 80 or 90a-real, for the plugin's identity")
    endif()
  endforeach()
endfunction()

# Writes the source file that places a plugin's identity section; its path goes into <variable>.  What is said of CUDA
# may be a generator expression.
function(umm_write_plugin_identity UMM_PLUGIN_ID UMM_PLUGIN_KIND UMM_PLUGIN_VERSION
         UMM_PLUGIN_CUDA_ARCHITECTURES UMM_PLUGIN_CUDA_VERSION variable)
  set(file ${CMAKE_CURRENT_BINARY_DIR}/${UMM_PLUGIN_ID}/plugin_identity.cpp)
  configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin_identity.cpp.in ${file}.in @ONLY)
  file(GENERATE OUTPUT ${file} INPUT ${file}.in)
  set(${variable} ${file} PARENT_SCOPE)
endfunction()

# A plugin: plugins/<name>.umm.so, its DATA files in plugins/<name>/.  The target is umm_plugin_<name>.  Outside the
# project, ctest runs `ummbench plugin check` on it, with the CHECK arguments.  SOURCES may hold CUDA (.cu), compiled for
# CMAKE_CUDA_ARCHITECTURES, where the project enables it.
function(umm_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "KIND;VERSION" "SOURCES;LINK;DATA;CHECK")
  umm_check_arguments()
  if(NOT ARG_KIND MATCHES "^(architecture|method|dataset|judge|evaluator)$")
    message(FATAL_ERROR "umm_add_plugin(${name}): KIND is '${ARG_KIND}'; "
                        "it must be architecture, method, dataset, judge or evaluator")
  elseif(NOT name MATCHES "^[a-z][a-z0-9_]*$")
    message(FATAL_ERROR "umm_add_plugin(${name}): a plugin's name is written in lower case: [a-z][a-z0-9_]*")
  endif()
  if(NOT ARG_VERSION)
    set(ARG_VERSION "${PROJECT_VERSION}")
  endif()
  if(NOT ARG_VERSION)
    message(FATAL_ERROR "umm_add_plugin(${name}): a plugin has a version; write project(... VERSION 0.1.0), or VERSION here")
  elseif(CMAKE_CXX_STANDARD AND NOT CMAKE_CXX_STANDARD EQUAL 20)
    message(FATAL_ERROR "umm_add_plugin(${name}): CMAKE_CXX_STANDARD is ${CMAKE_CXX_STANDARD}; plugins are compiled as the "
                        "program is, as C++20, or they would be refused (P006)")
  endif()
  set(target umm_plugin_${name})
  set(architectures none)
  set(cuda_version none)
  if("${ARG_SOURCES}" MATCHES "\\.cu(;|$)")
    umm_check_cuda(${name})
    set(architectures $<TARGET_PROPERTY:${target},CUDA_ARCHITECTURES>)
    string(REGEX MATCH "^[0-9]+\\.[0-9]+" cuda_version ${CMAKE_CUDA_COMPILER_VERSION})
  endif()
  umm_write_plugin_identity(${name} ${ARG_KIND} ${ARG_VERSION} ${architectures} ${cuda_version} identity)
  add_library(${target} MODULE ${ARG_SOURCES} ${identity})
  umm_set_up_target(${target} TRUE)
  set_source_files_properties(${identity} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  target_link_libraries(${target} PRIVATE umm::sdk umm::build_identity ${ARG_LINK})
  set(exports ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin_exports.map)
  target_link_options(${target} PRIVATE
    LINKER:-z,defs LINKER:--exclude-libs,ALL LINKER:--version-script=${exports})
  set_target_properties(${target} PROPERTIES
    PREFIX "" OUTPUT_NAME ${name} SUFFIX .umm.so LINK_DEPENDS ${exports}
    LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/plugins
    INSTALL_RPATH "$ORIGIN/../..;$ORIGIN/../../torch/lib")
  install(TARGETS ${target} LIBRARY DESTINATION lib/ummbench/plugins)
  foreach(file IN LISTS ARG_DATA)
    get_filename_component(file_name ${file} NAME)
    configure_file(${file} ${PROJECT_BINARY_DIR}/plugins/${name}/${file_name} COPYONLY)
    install(FILES ${file} DESTINATION lib/ummbench/plugins/${name})
  endforeach()
  add_dependencies(plugins ${target})
  if(TARGET umm::ummbench AND BUILD_TESTING AND NOT UMM_SANITIZE)  # the program would refuse a sanitized one
    add_test(NAME ${name}_check COMMAND umm::ummbench plugin check $<TARGET_FILE:${target}> ${ARG_CHECK})
    set_tests_properties(${name}_check PROPERTIES ENVIRONMENT OMP_NUM_THREADS=1)
  endif()
endfunction()

# A test program over GoogleTest, run from the source root as one ctest test.  DEPENDS: targets that it runs or
# loads.  Labels gpu, weights and slow are left out of a default run.  UMM_SANITIZE=address,undefined (CMake) builds all
# with sanitizers, which tests that link a plugin's sources can run with.
function(umm_add_test name)
  umm_add_test_program(${name} tests RUNNER GTest::gmock GTest::gtest_main ARGUMENTS --gtest_brief=1 ${ARGN})
endfunction()

function(umm_add_test_program name folder)
  if(NOT BUILD_TESTING)
    if(NOT DEFINED BUILD_TESTING)
      message(WARNING "${name} is not built: tests need include(CTest)")
    endif()
    return()
  endif()
  if(NOT TARGET GTest::gmock)
    find_package(GTest REQUIRED)
  endif()
  cmake_parse_arguments(PARSE_ARGV 2 ARG "TORCH" "" "SOURCES;LINK;LABELS;DEPENDS;RUNNER;ARGUMENTS")
  umm_check_arguments()
  set(torch_option "")
  if(ARG_TORCH)
    set(torch_option TORCH)
  endif()
  umm_add_executable(${name} SOURCES ${ARG_SOURCES} LINK ${ARG_LINK} ${ARG_RUNNER} ${torch_option})
  target_compile_definitions(${name} PRIVATE
    UMM_SOURCE_DIR="${PROJECT_SOURCE_DIR}" UMM_BINARY_DIR="${PROJECT_BINARY_DIR}")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/${folder})
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  add_test(NAME ${name} COMMAND ${name} ${ARG_ARGUMENTS} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  # Tests run side by side: OpenMP threads of one would spin against the other's.
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}"
    ENVIRONMENT "OMP_NUM_THREADS=1;ASAN_OPTIONS=detect_leaks=0:detect_container_overflow=0")
endfunction()
