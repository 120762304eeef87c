// The object that the precompiled header of umm_torch_pch needs to be built with.
