// Which files the options `shards` and `names` mean.
#pragma once

#include <string>
#include <vector>

namespace umm::webdataset {

// "a-{08..11}.tar" -> a-08.tar, a-09.tar, a-10.tar, a-11.tar; any number of ranges. Throws InputError on
// other braces.
std::vector<std::string> expanded(const std::string& pattern);

// `shards`: a tar, or a folder; `names`: those of the folder, "" for all of its .tar files in the order of
// their names. Throws InputError where there is none or where one is missing.
std::vector<std::string> shard_paths(const std::string& shards, const std::string& names);

}  // namespace umm::webdataset
