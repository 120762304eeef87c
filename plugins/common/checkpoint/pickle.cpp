#include "checkpoint/pickle.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <unordered_map>

#include "checkpoint/torch_values.h"
#include "umm/error.h"

namespace umm::checkpoint {
namespace {

class Machine {
 public:
  explicit Machine(std::string_view bytes) : bytes_(bytes) {}

  PickledDocument run() {
    try {
      while (!stopped_) step(static_cast<uint8_t>(take(1)[0]));
      UMM_CHECK_INPUT(stack_.size() == 1 && marks_.empty(), "it ends with ", stack_.size(),
                      " values on the stack, expected one");
    } catch (const InputError& error) {
      throw InputError(detail::concat("pickle, byte ", position_, ": ", error.what()));
    }
    document_.root = stack_.back();
    document_.num_bytes = position_;
    return std::move(document_);
  }

 private:
  // Input

  std::string_view take(size_t count) {
    UMM_CHECK_INPUT(count <= bytes_.size() - position_, "truncated: ", count, " more bytes expected, ",
                    bytes_.size() - position_, " left");
    const auto taken = bytes_.substr(position_, count);
    position_ += count;
    return taken;
  }

  template <typename T>
  T take_integer() {  // little-endian
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }

  std::string take_line() {
    const size_t end = bytes_.find('\n', position_);
    UMM_CHECK_INPUT(end != std::string_view::npos, "truncated: a name without its end");
    std::string line(take(end - position_));
    take(1);
    return line;
  }

  double take_double() {  // big-endian, alone among the opcodes
    uint64_t bits = 0;
    for (const char byte : take(8)) bits = bits << 8 | static_cast<uint8_t>(byte);
    return std::bit_cast<double>(bits);
  }

  int64_t take_long() {
    const auto count = take_integer<uint8_t>();
    UMM_CHECK_INPUT(count <= 8, "an integer of ", int{count}, " bytes; at most 8 are read");
    const auto digits = take(count);
    uint64_t value = 0;
    for (size_t i = 0; i < count; ++i) value |= uint64_t{static_cast<uint8_t>(digits[i])} << (8 * i);
    if (count > 0 && count < 8 && (digits[count - 1] & 0x80)) value |= ~uint64_t{0} << (8 * count);
    return static_cast<int64_t>(value);
  }

  // Stack and memo

  void push(PickledValue value) {
    document_.values.push_back(std::move(value));
    stack_.push_back(document_.values.size() - 1);
  }

  ValueId pop() {
    UMM_CHECK_INPUT(stack_.size() > (marks_.empty() ? 0 : marks_.back()), "the stack is empty");
    const ValueId id = stack_.back();
    stack_.pop_back();
    return id;
  }

  std::vector<ValueId> pop_to_mark() {
    UMM_CHECK_INPUT(!marks_.empty(), "no mark on the stack");
    const auto begin = stack_.begin() + static_cast<ptrdiff_t>(marks_.back());
    std::vector<ValueId> items(begin, stack_.end());
    stack_.erase(begin, stack_.end());
    marks_.pop_back();
    return items;
  }

  template <typename T>
  T& top(const char* wanted) {
    UMM_CHECK_INPUT(stack_.size() > (marks_.empty() ? 0 : marks_.back()), "the stack is empty");
    return as<T>(stack_.back(), wanted);
  }

  template <typename T>
  T& as(ValueId id, const char* wanted) {
    auto* found = std::get_if<T>(&document_.values[id]);
    UMM_CHECK_INPUT(found != nullptr, "expected ", wanted, ", found another kind of value");
    return *found;
  }

  void put(uint64_t key) {
    UMM_CHECK_INPUT(!stack_.empty(), "the stack is empty");
    memo_[key] = stack_.back();
  }
  void get(uint64_t key) {
    const auto found = memo_.find(key);
    UMM_CHECK_INPUT(found != memo_.end(), "memo ", key, " was never written");
    stack_.push_back(found->second);
  }

  void push_tuple(size_t count) {
    PickledSequence tuple{.items = {}, .is_tuple = true};
    for (size_t i = 0; i < count; ++i) tuple.items.push_back(pop());
    std::reverse(tuple.items.begin(), tuple.items.end());
    push(std::move(tuple));
  }

  void add_items(const std::vector<ValueId>& keys_and_values) {
    UMM_CHECK_INPUT(keys_and_values.size() % 2 == 0, "a dictionary is given a key without a value");
    auto& items = top<PickledDict>("a dictionary").items;
    for (size_t i = 0; i < keys_and_values.size(); i += 2)
      items.emplace_back(keys_and_values[i], keys_and_values[i + 1]);
  }

  // What would import or call

  void import() {
    const std::string module = take_line();
    const std::string name = module + "." + take_line();
    UMM_CHECK_INPUT(is_known_global(name), "refused: it imports `", name,
                    "`, which weights do not need; nothing was executed");
    push(PickledGlobal{name});
  }

  void call() {
    const auto& arguments = as<PickledSequence>(pop(), "a tuple of arguments").items;
    const std::string& callee = as<PickledGlobal>(pop(), "something to call").name;
    push(value_of_call(document_, callee, arguments));
  }

  void load_storage() {
    const auto& items = as<PickledSequence>(pop(), "a tuple").items;
    push(storage_of(document_, items));
  }

  // Opcodes

  struct Instruction {
    uint8_t opcode;
    const char* name;
    void (*run)(Machine&);  // null: refused
  };
  static const std::array<Instruction, 68> kInstructions;

  void step(uint8_t opcode) {
    const auto known = std::find_if(kInstructions.begin(), kInstructions.end(),
                                    [&](const Instruction& each) { return each.opcode == opcode; });
    const bool is_known = known != kInstructions.end();
    UMM_CHECK_INPUT(is_known && known->run != nullptr, "refused: opcode 0x", std::hex, int{opcode}, " (",
                    is_known ? known->name : "unknown", "), which weights do not need; nothing was executed");
    known->run(*this);
  }

  void check_protocol() {
    const auto protocol = take_integer<uint8_t>();
    UMM_CHECK_INPUT(protocol == 2, "pickle protocol ", int{protocol},
                    ", expected 2, which torch.save writes");
  }

  void set_item() {
    const ValueId value = pop(), key = pop();
    add_items({key, value});
  }

  void append(const std::vector<ValueId>& items) {
    auto& list = top<PickledSequence>("a list");
    UMM_CHECK_INPUT(!list.is_tuple, "a tuple is appended to");
    list.items.insert(list.items.end(), items.begin(), items.end());
  }

  // Attributes of a dictionary, such as a state dict's _metadata: not weights.
  void drop_attributes() {
    pop();
    top<PickledDict>("a dictionary");
  }

  std::string_view bytes_;
  size_t position_ = 0;
  PickledDocument document_;
  std::vector<ValueId> stack_;
  std::vector<size_t> marks_;  // heights of the stack
  std::unordered_map<uint64_t, ValueId> memo_;
  bool stopped_ = false;
};

using M = Machine;
const std::array<M::Instruction, 68> M::kInstructions = {{
    {0x80, "PROTO", [](M& m) { m.check_protocol(); }},
    {'.', "STOP", [](M& m) { m.stopped_ = true; }},
    {'(', "MARK", [](M& m) { m.marks_.push_back(m.stack_.size()); }},
    {'N', "NONE", [](M& m) { m.push(std::monostate{}); }},
    {0x88, "NEWTRUE", [](M& m) { m.push(true); }},
    {0x89, "NEWFALSE", [](M& m) { m.push(false); }},
    {'J', "BININT", [](M& m) { m.push(int64_t{m.take_integer<int32_t>()}); }},
    {'K', "BININT1", [](M& m) { m.push(int64_t{m.take_integer<uint8_t>()}); }},
    {'M', "BININT2", [](M& m) { m.push(int64_t{m.take_integer<uint16_t>()}); }},
    {0x8a, "LONG1", [](M& m) { m.push(m.take_long()); }},
    {'G', "BINFLOAT", [](M& m) { m.push(m.take_double()); }},
    {'X', "BINUNICODE", [](M& m) { m.push(std::string(m.take(m.take_integer<uint32_t>()))); }},
    {'T', "BINSTRING", [](M& m) { m.push(std::string(m.take(m.take_integer<uint32_t>()))); }},
    {'U', "SHORT_BINSTRING", [](M& m) { m.push(std::string(m.take(m.take_integer<uint8_t>()))); }},
    {')', "EMPTY_TUPLE", [](M& m) { m.push_tuple(0); }},
    {0x85, "TUPLE1", [](M& m) { m.push_tuple(1); }},
    {0x86, "TUPLE2", [](M& m) { m.push_tuple(2); }},
    {0x87, "TUPLE3", [](M& m) { m.push_tuple(3); }},
    {'t', "TUPLE", [](M& m) { m.push(PickledSequence{.items = m.pop_to_mark(), .is_tuple = true}); }},
    {']', "EMPTY_LIST", [](M& m) { m.push(PickledSequence{}); }},
    {'a', "APPEND", [](M& m) { m.append({m.pop()}); }},
    {'e', "APPENDS", [](M& m) { m.append(m.pop_to_mark()); }},
    {'}', "EMPTY_DICT", [](M& m) { m.push(PickledDict{}); }},
    {'s', "SETITEM", [](M& m) { m.set_item(); }},
    {'u', "SETITEMS", [](M& m) { m.add_items(m.pop_to_mark()); }},
    {'q', "BINPUT", [](M& m) { m.put(m.take_integer<uint8_t>()); }},
    {'r', "LONG_BINPUT", [](M& m) { m.put(m.take_integer<uint32_t>()); }},
    {'h', "BINGET", [](M& m) { m.get(m.take_integer<uint8_t>()); }},
    {'j', "LONG_BINGET", [](M& m) { m.get(m.take_integer<uint32_t>()); }},
    {'c', "GLOBAL", [](M& m) { m.import(); }},
    {'R', "REDUCE", [](M& m) { m.call(); }},
    {'Q', "BINPERSID", [](M& m) { m.load_storage(); }},
    {'b', "BUILD", [](M& m) { m.drop_attributes(); }},
    // Known and refused: they build objects, belong to other protocols, or torch.save never writes them.
    {'i', "INST", nullptr},
    {'o', "OBJ", nullptr},
    {0x81, "NEWOBJ", nullptr},
    {0x92, "NEWOBJ_EX", nullptr},
    {0x93, "STACK_GLOBAL", nullptr},
    {0x82, "EXT1", nullptr},
    {0x83, "EXT2", nullptr},
    {0x84, "EXT4", nullptr},
    {'P', "PERSID", nullptr},
    {'0', "POP", nullptr},
    {'1', "POP_MARK", nullptr},
    {'2', "DUP", nullptr},
    {'F', "FLOAT", nullptr},
    {'I', "INT", nullptr},
    {'L', "LONG", nullptr},
    {'S', "STRING", nullptr},
    {'V', "UNICODE", nullptr},
    {'d', "DICT", nullptr},
    {'l', "LIST", nullptr},
    {'p', "PUT", nullptr},
    {'g', "GET", nullptr},
    {'B', "BINBYTES", nullptr},
    {'C', "SHORT_BINBYTES", nullptr},
    {0x8b, "LONG4", nullptr},
    {0x8c, "SHORT_BINUNICODE", nullptr},
    {0x8d, "BINUNICODE8", nullptr},
    {0x8e, "BINBYTES8", nullptr},
    {0x8f, "EMPTY_SET", nullptr},
    {0x90, "ADDITEMS", nullptr},
    {0x91, "FROZENSET", nullptr},
    {0x94, "MEMOIZE", nullptr},
    {0x95, "FRAME", nullptr},
    {0x96, "BYTEARRAY8", nullptr},
    {0x97, "NEXT_BUFFER", nullptr},
    {0x98, "READONLY_BUFFER", nullptr},
}};

}  // namespace

PickledDocument read_pickle(std::string_view bytes) {
  return Machine(bytes).run();
}

}  // namespace umm::checkpoint
