// Five prompts whose first row has dependants, which is what the published code trips over.
#pragma once

#include <string>

namespace umm::dpg {

inline const std::string kColumns =
    "item_id,text,keywords,proposition_id,dependency,category_broad,category_detailed,tuple,"
    "question_natural_language\n";

inline const std::string kSmallTable =
    kColumns +
    "car,A red car,,1,0,entity,whole,entity - whole (car),Is there a car?\n"
    "car,A red car,,2,1,attribute,color,\"attribute - color (car, red)\",Is the car red?\n"
    "chain,\"Three, nested\",,1,0,entity,whole,entity - whole (a),Is there an a?\n"
    "chain,\"Three, nested\",,2,1,entity,part,entity - part (b),Has it a b?\n"
    "chain,\"Three, nested\",,3,2,entity,part,entity - part (c),Has that a c?\n"
    "007,Numbers,,4,\"5, 6\",relation,spatial,relation - spatial (x),Above?\n"
    "007,Numbers,,5,0,entity,whole,entity - whole (y),A y?\n"
    "007,Numbers,,6,0,entity,whole,entity - whole (z),A z?\n"
    "one,One,,1,0,global,,global - (style),Is it a photo?\n"
    "free,Free,,1,0,other,count,other - count (two),Are there two?\n"
    "free,Free,,2,0,other,text,\"other - text rendering (\"\"hi\"\")\",\"Does it say \"\"hi\"\"?\"\n";

}  // namespace umm::dpg
