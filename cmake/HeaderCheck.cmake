# umm_header_check: every SDK header compiles alone, and twice in one file.

set(header_check_sources "")
foreach(header IN LISTS UMM_SDK_HEADERS)
  get_filename_component(header_name ${header} NAME)
  string(REPLACE .h .cpp source ${PROJECT_BINARY_DIR}/header_check/${header_name})
  file(CONFIGURE OUTPUT ${source} CONTENT "#include \"umm/${header_name}\"\n#include \"umm/${header_name}\"\n")
  list(APPEND header_check_sources ${source})
endforeach()
if(header_check_sources AND TARGET umm_sdk)
  add_library(umm_header_check OBJECT ${header_check_sources})
  target_link_libraries(umm_header_check PRIVATE umm::flags umm::sdk)
endif()
