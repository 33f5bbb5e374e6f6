"""Finished values for reading: text, LaTeX, HTML and pictures. Nothing is decided here.

>>> import exactsurf as es
"""
