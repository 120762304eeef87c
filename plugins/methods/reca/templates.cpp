// Our own list; changing it changes what a run with equal seeds is shown.
#include "templates.h"

namespace umm::reca {

const std::array<const char*, 64> kTemplates = {
    "describe the picture in detail",
    "describe this image in detail",
    "describe everything in the picture",
    "describe everything you see in this image",
    "describe each object in the picture",
    "describe all the objects in the image and where they are",
    "describe the whole image with care",
    "describe the colors and shapes in this picture",
    "describe the scene from left to right",
    "describe the picture from top to bottom",
    "describe each part of the image with its color",
    "describe what this picture shows",
    "give a full description of the image",
    "give a clear description of this picture",
    "give a long and detailed description of the picture",
    "give all the details of this image",
    "give a description of every object in the image",
    "give the number of objects and the color of each",
    "tell me what is in the picture",
    "tell me everything about this image",
    "tell me what you see here",
    "tell me about every object and its place",
    "tell me in detail what the image shows",
    "tell me how many objects there are and how they look",
    "say what you see in the picture",
    "say in detail what is in this image",
    "say what each object is and where it is",
    "say which colors and shapes are in the picture",
    "write a detailed caption for this image",
    "write a full caption for the picture",
    "write about everything in the image",
    "write down what you see in this picture",
    "write a description with all the details",
    "write a caption that names every object",
    "list all the objects in the picture",
    "list every object with its color and place",
    "list the objects from left to right",
    "list what the image shows in detail",
    "name every object in this picture",
    "name all objects and colors you see",
    "name each shape and where it is in the image",
    "explain what is in the image",
    "explain in detail what you see",
    "explain the whole picture part by part",
    "explain what each part of this image shows",
    "look at the picture and describe it in detail",
    "look at the image and list what you see",
    "look at every part and tell me what is there",
    "look with care and describe all you see",
    "look at this picture and write a full description",
    "what is in this picture",
    "what do you see in the image",
    "what does the picture show in detail",
    "what objects are in the image and where are they",
    "what are the colors and shapes in this picture",
    "which objects do you see and what color are they",
    "how does this image look in detail",
    "how many objects are in the picture and how do they look",
    "how would you describe this picture",
    "can you describe the image in detail",
    "can you tell me what the picture shows",
    "can you list every object in this image",
    "please describe the picture with all its details",
    "please write a detailed description of this image",
};

std::vector<std::string> draw_templates(int64_t count, Rng& rng) {
  std::vector<std::string> texts(static_cast<size_t>(count));
  for (std::string& text : texts) text = kTemplates[static_cast<size_t>(rng.integer(std::ssize(kTemplates)))];
  return texts;
}

}  // namespace umm::reca
