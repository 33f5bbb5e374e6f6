"""A certificate as Markdown: for GitHub, and for a terminal through rich."""

from __future__ import annotations

import re

from exactsurf.errors import InternalError
from exactsurf.exact.number import to_text
from exactsurf.show.text.exposition import Exposition
from exactsurf.show.text.formula import plain
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

_SPECIAL = re.compile(r"([\\`*_\[\]<>#])")


def markdown_text(text: Exposition) -> str:
    """The text in Markdown; formulas are Unicode text."""
    parts = [
        f"# {text.title}",
        f"> {text.sentence}",
        "## Setting",
        *_blocks(text.setting),
        "## Theorem",
        *_blocks(text.statement),
        "## Proof",
        *_blocks(text.proof),
        "∎",
        "## Check it again",
        *_blocks(text.check),
    ]
    return "\n\n".join(parts) + "\n"


def _blocks(blocks: Blocks) -> list[str]:
    return [_block(block) for block in blocks]


def _block(block: Block) -> str:
    match block:
        case Paragraph(text):
            return _text(text)
        case Display(source):
            return f"> {_escape(plain(source))}"
        case Items(items):
            return "\n".join(f"{number}. {_text(item)}" for number, item in enumerate(items, start=1))
        case Table(header, rows):
            rule = "|" + " ---: |" * len(header)
            return "\n".join([_row(header), rule, *map(_row, rows)])
        case Matrices(matrices):
            return _fenced(_side_by_side([_matrix(plain(name), rows) for name, rows in matrices]))
        case Cases(left, cases):
            return _fenced(_cases(left, cases))
        case Numbers(values):
            return "\n".join(
                f"- {_escape(plain(name))} = {to_text(value)} ≈ {_escape(plain(rounded(value)))}" for name, value in values
            )
        case Command(line):
            return _fenced([line])
        case Rounded():
            raise InternalError("marks of rounding are gathered before a text is set")
    raise TypeError(block)


def _text(text: Text) -> str:
    return "".join(_code(piece.text) if isinstance(piece, Name) else _prose(piece) for piece in text)


def _prose(piece: str) -> str:
    """Prose, with its formulas (every second part between ``$``) as plain text."""
    return "".join(_escape(plain(part)) if odd else part for part, odd in _parts(piece))


def _parts(piece: str) -> list[tuple[str, bool]]:
    return [(part, index % 2 == 1) for index, part in enumerate(piece.split("$"))]


def _escape(text: str) -> str:
    # A backslash before every mark is safe but hard to read; "<" and ">" between spaces mean nothing to Markdown.
    return _SPECIAL.sub(lambda m: m[1] if m[1] in "<>" and _is_spaced(m) else "\\" + m[1], text)


def _is_spaced(match: re.Match[str]) -> bool:
    before, after = match.string[: match.start()], match.string[match.end() :]
    return before.endswith(" ") and after.startswith(" ")


def _code(name: str) -> str:
    """A name as a code span, between more backticks than it holds."""
    shown = name if name.isprintable() else ascii(name)[1:-1]
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(_escape(plain(cell)).replace("|", r"\|") for cell in cells) + " |"


def _fenced(lines: list[str]) -> str:
    fence = "`" * max(3, 1 + max((len(run) for line in lines for run in re.findall("`+", line)), default=0))
    return "\n".join([f"{fence}text", *(line.rstrip() for line in lines), fence])


def _matrix(name: str, rows: tuple[tuple[str, ...], ...]) -> list[str]:
    cells = [[plain(cell).replace("≈ ", "≈") for cell in row] for row in rows]
    widths = [max(len(row[j]) for row in cells) for j in range(len(cells[0]))]
    label = f"{name} = "
    lines = [f"[ {'  '.join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))} ]" for row in cells]
    return [(label if i == 0 else " " * len(label)) + line for i, line in enumerate(lines)]


def _side_by_side(columns: list[list[str]]) -> list[str]:
    """Columns of text beside each other, or below each other if a line would be too long for a terminal."""
    if sum(len(column[0]) + 3 for column in columns) > 80:
        return [line for column in columns for line in column]
    height = max(map(len, columns))
    padded = [[*column, *[""] * (height - len(column))] for column in columns]
    widths = [max(map(len, column)) for column in padded]
    return ["   ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in zip(*padded, strict=True)]


def _cases(left: str, cases: tuple[tuple[str, str], ...]) -> list[str]:
    label = f"{plain(left)} = "
    formulas = [plain(formula) for formula, _ in cases]
    width = max(map(len, formulas))
    return [
        (label if i == 0 else " " * len(label)) + f"{formula.ljust(width)}   if {plain(condition)}"
        for i, (formula, (_, condition)) in enumerate(zip(formulas, cases, strict=True))
    ]
