# The build's vocabulary.  Every folder's CMakeLists.txt is made of these calls and those of UmmPlugin.cmake:
#   umm_add_library(<name> SHARED|STATIC SOURCES ... [LINK ...] [INCLUDE ...] [TORCH])   umm_results -> umm::results
#   umm_add_benchmark(<name> SOURCES ... [LINK ...] [TORCH])
# LINK and INCLUDE are public.

include(${CMAKE_CURRENT_LIST_DIR}/UmmPlugin.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/UmmIdentity.cmake)

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

# A Google Benchmark program; ctest runs each case for an instant, so that it cannot rot.
function(umm_add_benchmark name)
  umm_add_test_program(
    ${name} benchmarks RUNNER benchmark::benchmark_main ARGUMENTS --benchmark_min_time=0.001 LABELS benchmark ${ARGN})
endfunction()
