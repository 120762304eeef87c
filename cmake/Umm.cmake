# The build's vocabulary.  Every folder's CMakeLists.txt is made of these calls:
#   umm_add_library(<name> SHARED|STATIC SOURCES ... [LINK ...] [INCLUDE ...] [TORCH])   umm_results -> umm::results
#   umm_add_executable(<name> SOURCES ... [LINK ...] [TORCH])
#   umm_add_plugin(<name> KIND architecture|method|dataset|evaluator SOURCES ... [LINK ...] [DATA ...] [VERSION v])
#   umm_add_test(<name> SOURCES ... [LINK ...] [LABELS ...] [DEPENDS ...] [TORCH])
#   umm_add_benchmark(<name> SOURCES ... [LINK ...] [TORCH])
# LINK and INCLUDE are public.  TORCH: the sources use ATen, so compile them with the precompiled header.
# Targets: umm::flags (every target links it), umm_torch_pch, plugins (all plugins), umm::build_identity.

include(${CMAKE_CURRENT_LIST_DIR}/UmmFlags.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/UmmIdentity.cmake)

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
    message(FATAL_ERROR "not understood: ${ARG_UNPARSED_ARGUMENTS}")
  elseif(NOT ARG_SOURCES)
    message(FATAL_ERROR "SOURCES is empty")
  endif()
endfunction()

function(umm_add_library name type)
  cmake_parse_arguments(PARSE_ARGV 2 ARG "TORCH" "" "SOURCES;LINK;INCLUDE")
  umm_check_arguments()
  add_library(${name} ${type} ${ARG_SOURCES})
  string(REGEX REPLACE "^umm_" "umm::" alias ${name})
  add_library(${alias} ALIAS ${name})
  umm_set_up_target(${name} ${ARG_TORCH})
  target_link_libraries(${name} PUBLIC ${ARG_LINK})
  target_include_directories(${name} PUBLIC ${ARG_INCLUDE})
  set_target_properties(${name} PROPERTIES
    LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
  if(type STREQUAL SHARED AND NOT UMM_FUZZ)  # clang's sanitizers are defined in the program alone
    target_link_options(${name} PRIVATE LINKER:-z,defs)
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

# A plugin: plugins/<name>.umm.so, its DATA files in plugins/<name>/.  The target is umm_plugin_<name>.
function(umm_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "KIND;VERSION" "SOURCES;LINK;DATA")
  umm_check_arguments()
  if(NOT ARG_KIND MATCHES "^(architecture|method|dataset|evaluator)$")
    message(FATAL_ERROR "umm_add_plugin(${name}): KIND is '${ARG_KIND}'; "
                        "it must be architecture, method, dataset or evaluator")
  elseif(NOT name MATCHES "^[a-z][a-z0-9_]*$")
    message(FATAL_ERROR "umm_add_plugin(${name}): a plugin's name is written in lower case: [a-z][a-z0-9_]*")
  endif()
  if(NOT ARG_VERSION)
    set(ARG_VERSION ${PROJECT_VERSION})
  endif()
  set(target umm_plugin_${name})
  umm_write_plugin_identity(${name} ${ARG_KIND} ${ARG_VERSION} identity)
  add_library(${target} MODULE ${ARG_SOURCES} ${identity})
  umm_set_up_target(${target} TRUE)
  set_source_files_properties(${identity} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  target_link_libraries(${target} PRIVATE umm::sdk umm::build_identity ${ARG_LINK})
  set(exports ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin_exports.map)
  target_link_options(${target} PRIVATE
    LINKER:-z,defs LINKER:--exclude-libs,ALL LINKER:--version-script=${exports})
  set_target_properties(${target} PROPERTIES
    PREFIX "" OUTPUT_NAME ${name} SUFFIX .umm.so LINK_DEPENDS ${exports}
    LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/plugins)
  foreach(file IN LISTS ARG_DATA)
    get_filename_component(file_name ${file} NAME)
    configure_file(${file} ${PROJECT_BINARY_DIR}/plugins/${name}/${file_name} COPYONLY)
  endforeach()
  add_dependencies(plugins ${target})
endfunction()

# A test program over GoogleTest, run from the source root as one ctest test.  DEPENDS: targets that it runs or
# loads.  Labels gpu, weights and slow are left out of a default run.
function(umm_add_test name)
  umm_add_test_program(${name} tests RUNNER GTest::gmock GTest::gtest_main ARGUMENTS --gtest_brief=1 ${ARGN})
endfunction()

# A Google Benchmark program; ctest runs each case for an instant, so that it cannot rot.
function(umm_add_benchmark name)
  umm_add_test_program(
    ${name} benchmarks RUNNER benchmark::benchmark_main ARGUMENTS --benchmark_min_time=0.001 LABELS benchmark ${ARGN})
endfunction()

function(umm_add_test_program name folder)
  if(NOT BUILD_TESTING)
    return()
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
