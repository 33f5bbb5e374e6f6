"""Tests of exactsurf.cli."""
