"""Landscapes whose levels are enclosed: weight decay, and losses that are expressions."""
