"""Finished values for reading: text, LaTeX, HTML and pictures. Nothing is decided here.

>>> from exactsurf.show.certificates import markdown
"""
