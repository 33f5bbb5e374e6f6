"""Tests of exactsurf.verifier; they use no other part of exactsurf."""
