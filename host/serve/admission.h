// Who may see the pages of a server.
#pragma once

#include <string>
#include <string_view>

namespace umm {

// Whether only this machine reaches what is bound to the address.
bool is_loopback(const std::string& address);

// 32 hex digits nobody can guess.
std::string random_token();

// Takes as long for a wrong text as for the right one of the same length.
bool equal_secrets(std::string_view a, std::string_view b);

// Without its port: "localhost", "127.0.0.1", "::1".
std::string host_name(std::string_view host_header);

// A page from elsewhere that gives its own name this machine's address (DNS rebinding) sends that name: only
// names of this machine are served without a token.
bool names_this_machine(std::string_view host_header);

// The value of a cookie; "": it was not sent.
std::string cookie(std::string_view header, std::string_view name);

}  // namespace umm
