"""Prose: the text about a certificate as a sequence of blocks, before it becomes Markdown or LaTeX.

In the text of a block ``$…$`` encloses formula source (see `formula`). Names that users chose (of files) never enter such
text: they are `Name` pieces, which every format escapes in its own way.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
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
class Numbers:
    """Long numbers by the names that they have in the matrices before: names are formula source."""

    values: tuple[tuple[str, Fraction], ...]


@dataclass(frozen=True)
class Rounded:
    """A mark that numbers before it are rounded, of which the longest has so many digits; a text says it once for all."""

    digits: int


@dataclass(frozen=True)
class Command:
    """A command line."""

    line: str


Block: TypeAlias = Paragraph | Display | Items | Table | Matrices | Cases | Numbers | Rounded | Command
Blocks: TypeAlias = tuple[Block, ...]


def say(*text: Piece) -> Paragraph:
    """A paragraph of these pieces.

    >>> say("The file ", Name("a_b.csv"), " has $x_1$.").text[1]
    Name(text='a_b.csv')
    """
    return Paragraph(text)


def rounded_once(*parts: Blocks) -> tuple[Blocks, ...]:
    """The parts of a text without their marks of rounding, and behind the last part one sentence for all of them.

    >>> [len(part) for part in rounded_once((say("a"), Rounded(30)), (Rounded(14),))]
    [1, 1]
    """
    digits = max((block.digits for part in parts for block in part if isinstance(block, Rounded)), default=0)
    kept = [tuple(block for block in part if not isinstance(block, Rounded)) for part in parts]
    if digits:
        note = say(
            "Entries marked $≈$ are rounded to six digits; exactly they are fractions with numerators or denominators of up to "
            f"{digits} digits, which stand in the certificate or follow from it."
        )
        kept[-1] = (note, *kept[-1])
    return tuple(kept)
