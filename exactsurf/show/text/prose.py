"""Prose: the text about a certificate as a sequence of blocks, before it becomes Markdown or LaTeX.

In the text of a block ``$…$`` encloses formula source (see `formula`). Names that users chose (of files) never enter such
text: they are `Name` pieces, which every format escapes in its own way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Name:
    """A name, digest or command: shown letter by letter."""

    text: str


Piece: TypeAlias = str | Name
Text: TypeAlias = tuple[Piece, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    text: Text


@dataclass(frozen=True)
class Display:
    """A formula on a line of its own."""

    source: str


@dataclass(frozen=True)
class Items:
    """A numbered list."""

    items: tuple[Text, ...]


@dataclass(frozen=True)
class Table:
    """A table; header and cells are formula source."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Matrices:
    """Matrices in one line: names and entries are formula source."""

    matrices: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]


@dataclass(frozen=True)
class Cases:
    """A definition by cases: the left side, and (formula, condition) pairs."""

    left: str
    cases: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Command:
    """A command line."""

    line: str


Block: TypeAlias = Paragraph | Display | Items | Table | Matrices | Cases | Command
Blocks: TypeAlias = tuple[Block, ...]


def say(*text: Piece) -> Paragraph:
    """A paragraph of these pieces.

    >>> say("The file ", Name("a_b.csv"), " has $x_1$.").text[1]
    Name(text='a_b.csv')
    """
    return Paragraph(text)
