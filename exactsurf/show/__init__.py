"""Text about finished values: certificates as Markdown and as LaTeX. Nothing is decided here.

>>> from exactsurf.show import markdown
"""

from exactsurf.show.latex import latex as latex
from exactsurf.show.markdown import markdown as markdown
