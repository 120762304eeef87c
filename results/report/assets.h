// Style and scripts of a page, as the files beside this one have them.
#pragma once

namespace umm::results {

extern const char* const kPageStyle;      // page.css
extern const char* const kPageScript;     // page.js: tables, curves, what a server tells
extern const char* const kPromptsScript;  // prompts.js

}  // namespace umm::results
