"""From trained floats to exact points."""
