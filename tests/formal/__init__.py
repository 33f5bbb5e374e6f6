"""Tests of the checker that is proved correct in Coq."""
