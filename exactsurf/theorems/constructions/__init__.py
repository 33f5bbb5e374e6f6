"""Constructions that the theorems of several papers share."""
