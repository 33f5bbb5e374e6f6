"""A certificate as LaTeX: a theorem and its proof, for amsmath and amsthm, in plain ASCII."""

from __future__ import annotations

import re

from exactsurf.errors import InternalError
from exactsurf.exact.number import to_text
from exactsurf.show.text.exposition import Exposition
from exactsurf.show.text.formula import plain, tex
from exactsurf.show.text.numeral import rounded
from exactsurf.show.text.prose import (
    Block,
    Blocks,
    Cases,
    Command,
    Display,
    Items,
    Matrices,
    Name,
    Numbers,
    Paragraph,
    Rounded,
    Table,
    Text,
)

_NEEDS = r"% Needs \usepackage{amsmath,amsthm,graphicx} and \newtheorem{theorem}{Theorem} in the preamble."
_FIT = r"""\providecommand{\fitline}[1]{\begingroup
\setbox0=\hbox{#1}\ifdim\wd0>\linewidth\resizebox{\linewidth}{!}{\box0}\else\box0\fi\endgroup}"""
_PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage{amsmath,amsthm,graphicx}
\newtheorem{theorem}{Theorem}
\begin{document}"""

_ESCAPES = {c: f"\\char{ord(c)}{{}}" for c in '\\{}~^_"<>|'} | {"'": r"\char13{}", "`": r"\char18{}"}
"""The typewriter font has all of ASCII in its usual places, but straight quotation marks at 13 and 18."""
_ESCAPES |= {" ": r"\ ", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%"}

_POWER = re.compile(r"(\d+)\^(\d+)")
_UNBROKEN = 24  # letters of a name that stay in one line
_BREAK_AFTER = 4  # letters of a longer one after which a line may end
_RUN = re.compile(r"\d{9,}")  # digits among which a line may end
_NUMBER = re.compile(r"\d{9,}(/\d+)?|\d+/\d{9,}")
_LONG = 16  # letters of a formula in running text that may be broken after commas
_WIDE = 62  # letters of matrices that fit into one line


def latex_text(text: Exposition, *, standalone: bool = False) -> str:
    """The text as a LaTeX theorem with its proof, in ASCII; `standalone` adds a preamble and a heading."""
    parts = [
        _PREAMBLE if standalone else _NEEDS,
        _FIT,
        *([rf"\section*{{{text.title}}}"] if standalone else []),
        _sentence(text.sentence),
        *_blocks(text.setting),
        _environment("theorem", text.statement, rf"\label{{thm:{text.label}}}"),
        _environment("proof", text.proof),
        *_blocks(text.check),
        *([r"\end{document}"] if standalone else []),
    ]
    return "\n\n".join(parts) + "\n"


def escaped(name: str) -> str:
    r"""A name, letter by letter, for the typewriter font; other signs than printable ASCII as Python would write them.

    >>> print(escaped("50%_a&b.csv"), escaped("é"))
    50\%\char95{}a\&b.csv \char92{}xe9
    """
    shown = "".join(c if " " <= c <= "~" else ascii(c)[1:-1] for c in name)
    letters = [_ESCAPES.get(c, c) for c in shown]
    if len(letters) > _UNBROKEN:
        for index in range(_BREAK_AFTER, len(letters), _BREAK_AFTER):
            letters[index] = r"\allowbreak{}" + letters[index]
    return "".join(letters)


def _environment(name: str, blocks: Blocks, label: str = "") -> str:
    return "\n".join([rf"\begin{{{name}}}{label}", "\n\n".join(_blocks(blocks)), rf"\end{{{name}}}"])


def _blocks(blocks: Blocks) -> list[str]:
    """One string per paragraph: formulas belong to the sentence before them, and text in lower case goes on with it."""
    paragraphs: list[str] = []
    for block in blocks:
        text = _block(block)
        inside = isinstance(block, (Display, Matrices, Cases)) or (isinstance(block, Paragraph) and text[0].islower())
        if inside and paragraphs:
            paragraphs[-1] += "\n" + text
        else:
            paragraphs.append(text)
    return paragraphs


def _block(block: Block) -> str:
    match block:
        case Paragraph(text):
            return _paragraph(text)
        case Display(source):
            return _display(tex(source, display=True))
        case Items(items):
            lines = "\n".join(rf"\item {_text(item)}" for item in items)
            return f"\\begin{{enumerate}}\n{lines}\n\\end{{enumerate}}"
        case Table(header, rows):
            head = " & ".join(f"${tex(cell)}$" for cell in header)
            body = "\n".join(" & ".join(f"${tex(cell)}$" for cell in row) + r" \\" for row in rows)
            tabular = f"\\begin{{tabular}}{{{'r' * len(header)}}}\n{head} \\\\\n\\hline\n{body}\n\\end{{tabular}}"
            return f"\\begin{{center}}\n\\renewcommand{{\\arraystretch}}{{1.4}}\n\\fitline{{{tabular}}}\n\\end{{center}}"
        case Matrices(matrices):
            return _matrices(matrices)
        case Cases(left, cases):
            lines = " \\\\\n".join(rf"{tex(formula)} & \text{{if }} {tex(condition)}" for formula, condition in cases)
            return _display(f"{tex(left)} = \\begin{{cases}}\n{lines}\n\\end{{cases}}")
        case Numbers(values):
            lines = "\n".join(
                f"\\item[] ${tex(name)} = {_digits(to_text(value))} \\approx {tex(rounded(value))}$" for name, value in values
            )
            return f"\\begin{{itemize}}\\sloppy\\raggedright\n{lines}\n\\end{{itemize}}"
        case Command(line):
            return f"\\begin{{quote}}\\raggedright\n\\texttt{{{escaped(line)}}}\n\\end{{quote}}"
        case Rounded():
            raise InternalError("marks of rounding are gathered before a text is set")
    raise TypeError(block)


def _display(formula: str) -> str:
    # A space between two formulas in one line is wider than TeX makes it.
    return "\\[\n\\fitline{$\\displaystyle " + formula.replace(",  ", r",\quad ") + "$}\n\\]"


def _paragraph(text: Text) -> str:
    """A paragraph; one with a long name or number may be set with wide spaces, since TeX would let it stick out."""
    long = any(len(piece.text) > _UNBROKEN if isinstance(piece, Name) else _RUN.search(piece) for piece in text)
    return f"\\begin{{sloppypar}}\n{_text(text)}\n\\end{{sloppypar}}" if long else _text(text)


def _sentence(text: str) -> str:
    """The claim as a paragraph, in which long numbers may be broken."""
    written = _POWER.sub(r"$\1^{\2}$", text)
    return (
        f"\\begin{{sloppypar}}\n{_NUMBER.sub(lambda run: _digits(run[0]), written)}\n\\end{{sloppypar}}"
        if _RUN.search(text)
        else written
    )


def _digits(text: str) -> str:
    """A number in a formula that may be broken among its digits."""
    return _RUN.sub(lambda run: r"\allowbreak ".join(re.findall(r"\d{1,6}", run[0])), text).replace("/", r"/\allowbreak ")


def _text(text: Text) -> str:
    return "".join(rf"\texttt{{{escaped(piece.text)}}}" if isinstance(piece, Name) else _prose(piece) for piece in text)


def _prose(piece: str) -> str:
    """Prose, which is plain ASCII without special characters, with its formulas (every second part between ``$``)."""
    return "".join(f"${_breakable(part)}$" if index % 2 else part for index, part in enumerate(piece.split("$")))


def _breakable(source: str) -> str:
    """A formula in running text; TeX would not end a line inside a long vector."""
    return tex(source) if len(source) < _LONG else _digits(tex(source).replace(", ", r",\allowbreak "))


def _matrices(matrices: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]) -> str:
    written = [(_letters(name, rows), _matrix(name, rows)) for name, rows in matrices]
    if sum(letters for letters, _ in written) <= _WIDE:
        return _display(", \\qquad\n".join(matrix for _, matrix in written))
    return "\n".join(_display(matrix) if letters <= _WIDE else _small(matrix) for letters, matrix in written)


def _matrix(name: str, rows: tuple[tuple[str, ...], ...]) -> str:
    body = " \\\\[2pt]\n".join(" & ".join(map(tex, row)) for row in rows)
    return f"{tex(name)} = \\begin{{pmatrix}}\n{body}\n\\end{{pmatrix}}"


def _letters(name: str, rows: tuple[tuple[str, ...], ...]) -> int:
    return len(name) + sum(2 + max(len(plain(row[j])) for row in rows) for j in range(len(rows[0])))


def _small(matrix: str) -> str:
    return f"{{\\footnotesize\\setlength{{\\arraycolsep}}{{2pt}}\n{_display(matrix)}}}"
