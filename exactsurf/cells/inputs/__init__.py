"""Input space: the regions on which a network is affine, and what is decided with them."""
