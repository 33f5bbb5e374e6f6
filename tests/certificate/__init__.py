"""Tests of exactsurf.certificate."""
