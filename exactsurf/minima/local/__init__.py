"""The risk near a point: cells, cones, curvature, arcs, in exact arithmetic."""
