"""Finished values for reading: text, LaTeX, HTML and pictures. Nothing is decided here.

>>> from exactsurf.show import markdown
"""

from exactsurf.show.text.latex import latex as latex
from exactsurf.show.text.markdown import markdown as markdown
