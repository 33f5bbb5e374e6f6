"""Floats that propose answers to exact questions of linear algebra."""
