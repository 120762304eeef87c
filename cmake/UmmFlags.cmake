# umm::flags: how every target of the project is compiled and linked; compiler cache and linker where found.

add_library(umm_flags INTERFACE)
add_library(umm::flags ALIAS umm_flags)
target_compile_features(umm_flags INTERFACE cxx_std_20)
# -fPIC for executables too: GCC reuses a precompiled header only between equal settings.  A plugin's CUDA goes through
# nvcc, whose own code is not pedantic and whose C++20 CMake 3.25 does not know.
target_compile_options(umm_flags INTERFACE
  "$<$<COMPILE_LANGUAGE:CXX>:-fPIC;-fvisibility=hidden;-fvisibility-inlines-hidden;-Wall;-Wextra;-Wpedantic>"
  "$<$<COMPILE_LANGUAGE:CUDA>:-std=c++20;-Xcompiler=-fPIC,-fvisibility=hidden,-fvisibility-inlines-hidden,-Wall,-Wextra>")
target_compile_definitions(umm_flags INTERFACE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)
if(UMM_WERROR)
  target_compile_options(umm_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
endif()
if(UMM_SANITIZE)
  # vptr needs the type information of LibTorch's hidden classes.
  target_compile_options(umm_flags INTERFACE "$<$<COMPILE_LANGUAGE:CXX>:\
-fsanitize=${UMM_SANITIZE};-fno-sanitize=vptr;-fno-sanitize-recover=all;-fno-omit-frame-pointer>")
  target_link_options(umm_flags INTERFACE -fsanitize=${UMM_SANITIZE})
endif()
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(UMM_MOLD mold)
if(UMM_MOLD)
  target_link_options(umm_flags INTERFACE -fuse-ld=mold)
endif()

find_program(UMM_CCACHE ccache)
if(UMM_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  target_compile_options(umm_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    ${UMM_CCACHE})
endif()
