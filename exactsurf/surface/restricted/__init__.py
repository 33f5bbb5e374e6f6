"""Landscapes of restricted problems."""
