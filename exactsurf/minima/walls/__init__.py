"""Local minima that lie on walls: where a trained network rests on its kinks."""
