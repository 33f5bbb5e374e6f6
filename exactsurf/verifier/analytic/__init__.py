"""Losses given by an expression: their form, convexity and conjugates, and numbers enclosed in balls."""
