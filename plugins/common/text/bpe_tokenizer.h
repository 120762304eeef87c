// Byte-level BPE (Radford et al. 2019), as GPT-2, CodeGen, Phi and Qwen use it.
//
//   text -> well-formed UTF-8 -> added tokens cut out -> NFC where asked -> pieces -> bytes merged -> ids
//
// Ill-formed UTF-8 becomes U+FFFD on the way in and on the way out. Not for use from several threads at once:
// pieces are remembered.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "text/byte_pairs.h"
#include "text/pre_tokenizer.h"
#include "text/text_tokenizer.h"

namespace umm::text {

// A token that is found in the text as it stands, before anything else.
struct AddedToken {
  std::string content;
  int64_t id = 0;
  bool special = false;      // left out when decoding
  bool strip_left = false;   // takes the white space before it along
  bool strip_right = false;  // and after it
};

struct BpeVocabulary {
  std::vector<std::string> tokens;  // their bytes; index is id, "" for ids that no piece becomes
  std::vector<std::pair<std::string, std::string>> merges;
  std::vector<AddedToken> added;
  PreTokenizer pre_tokenizer = PreTokenizer::gpt2;
  bool normalize = false;  // to NFC
  std::string end_token = "<|endoftext|>";
};

// A file tokenizer.json, or a folder with one, or a folder with vocab.json and merges.txt (the GPT-2 rule).
// Throws InputError that names file and place, also where the file asks for a step that is not known here.
UMM_API BpeVocabulary read_bpe_vocabulary(const std::string& path);

class UMM_API BpeTokenizer final : public TextTokenizer {
 public:
  explicit BpeTokenizer(const BpeVocabulary& vocabulary);

  int64_t vocabulary_size() const override { return static_cast<int64_t>(bytes_.size()); }
  int64_t begin_id() const override { return end_id_; }
  int64_t end_id() const override { return end_id_; }

  std::vector<int64_t> encode(std::string_view text) const override;
  std::string decode(const std::vector<int64_t>& ids) const override;

 private:
  struct Found {
    size_t begin = 0, end = 0;
    const AddedToken* token = nullptr;
  };
  Found next_added(std::string_view text, size_t from) const;
  void encode_plain(std::string_view text, std::vector<int64_t>& ids) const;

  BytePairs pairs_;
  PreTokenizer pre_tokenizer_;
  bool normalize_;
  std::vector<AddedToken> added_;   // longest first
  bool begins_added_[256] = {};     // first bytes of added tokens
  std::vector<std::string> bytes_;  // of every id
  std::vector<bool> special_;
  int64_t end_id_ = 0;
};

}  // namespace umm::text
