// SHA-256 of what an identity rests on. 64 lower-case hex digits.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace umm {

class HashMemory;

std::string hash_text(std::string_view text);

// Throws InputError that names a file which cannot be read. A large one is read once as long as it stays as
// it is: the user's HashMemory knows it.
std::string hash_file(const std::filesystem::path& file);
std::string hash_file(const std::filesystem::path& file, HashMemory& memory);

// Names (relative, sorted) and contents of all regular files below `folder`. Independent of the order in
// which the file system lists them, of times and of permissions. Throws as hash_file().
std::string hash_folder(const std::filesystem::path& folder);

}  // namespace umm
