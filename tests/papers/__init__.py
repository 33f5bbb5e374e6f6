"""Tests of exactsurf.papers."""
