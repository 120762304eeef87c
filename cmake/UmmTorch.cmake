# LibTorch from UMM_TORCH_ROOT, the torch folder of an unpacked wheel: for the project and, installed, for plugins
# outside of it.  Defines umm::torch_cpu and umm::c10, with its headers as system headers, and
#   UMM_TORCH_CPU_BUILD_ID, UMM_C10_BUILD_ID
#   UMM_TORCH_CUDA_MAJOR    "13", the CUDA that it was made with; "none"
# Rationale: the wheel's own find_package(Torch) insists on a CUDA toolkit; a host linked against libtorch_cpu and
# libc10 alone runs with and without a GPU, and loads libtorch_cuda.so at run time.

# Reads the GNU build id of an ELF file: the only identity of a LibTorch that two builds never share.
function(umm_read_build_id file variable)
  execute_process(COMMAND ${CMAKE_READELF} -n ${file} OUTPUT_VARIABLE notes ERROR_QUIET)
  if(NOT notes MATCHES "Build ID: ([0-9a-f]+)")
    message(FATAL_ERROR "${file} carries no GNU build id, so plugins could not be checked against it")
  endif()
  set(${variable} ${CMAKE_MATCH_1} PARENT_SCOPE)
endfunction()

umm_read_build_id(${UMM_TORCH_ROOT}/lib/libtorch_cpu.so UMM_TORCH_CPU_BUILD_ID)
umm_read_build_id(${UMM_TORCH_ROOT}/lib/libc10.so UMM_C10_BUILD_ID)

set(UMM_TORCH_CUDA_MAJOR none)
if(EXISTS ${UMM_TORCH_ROOT}/lib/libtorch_cuda.so)
  execute_process(COMMAND ${CMAKE_READELF} -d ${UMM_TORCH_ROOT}/lib/libtorch_cuda.so OUTPUT_VARIABLE dynamic ERROR_QUIET)
  if(dynamic MATCHES "NEEDED[^\n]*libcudart[^\n]*\\.so\\.([0-9]+)")
    set(UMM_TORCH_CUDA_MAJOR ${CMAKE_MATCH_1})
  endif()
endif()

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
