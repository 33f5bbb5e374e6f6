"""Tests of exactsurf.minima."""
