"""What was found in a CSV file and how it was read, to be shown beside every answer about it."""

from __future__ import annotations

from dataclasses import dataclass

from exactsurf.errors import shorten

_SHOWN = 6  # cells of a row
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "|", " ": "space"}


@dataclass(frozen=True)
class CsvReport:
    """How a table was read.

    Attributes: `file`; `rows`, the number of samples; `has_header`; `header`, how that is known; `delimiter`; `inputs` and
    `targets`, the names of the columns read; `first` and `last`, the cells of the first and the last sample as they stand in the
    file, by name; `notes`, every choice that is not the plain reading of proofs/FORMAT.md, section 2 (lines passed over, rows
    left out, signs, encoding, classes). Exactness: texts of the file. Source: docs/guide/tables.md.
    """

    file: str
    rows: int
    has_header: bool
    header: str
    delimiter: str
    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    first: tuple[tuple[str, str], ...]
    last: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()

    def lines(self) -> tuple[tuple[str, str], ...]:
        """Pairs of what and how, to be printed.

        >>> report = CsvReport("t.csv", 2, True, "'a' stands over numbers", ",", ("a",), ("y",), (("a", "1"),), (("a", "3"),))
        >>> report.lines()[2]
        ('header', "yes ('a' stands over numbers)")
        """
        kind = _DELIMITERS[self.delimiter]
        return (
            ("file", f"{self.file}, cells separated by {kind}"),
            ("rows", str(self.rows)),
            ("header", f"{'yes' if self.has_header else 'no'} ({self.header})"),
            ("first row", _row(self.first)),
            ("last row", _row(self.last)),
            *(("note", note) for note in self.notes),
        )

    def document(self) -> dict[str, object]:
        """The same for JSON."""
        return {
            "file": self.file,
            "rows": self.rows,
            "header": self.has_header,
            "header_reason": self.header,
            "delimiter": self.delimiter,
            "inputs": list(self.inputs),
            "targets": list(self.targets),
            "first_row": dict(self.first),
            "last_row": dict(self.last),
            "notes": list(self.notes),
        }

    def __str__(self) -> str:
        return "\n".join(f"{what:<10}{how}" for what, how in self.lines())


def _row(cells: tuple[tuple[str, str], ...]) -> str:
    texts = [f"{shorten(name, 24)} {shorten(text, 24)}" for name, text in cells]
    if len(texts) > _SHOWN:
        texts = [*texts[: _SHOWN - 2], "…", texts[-1]]
    return ", ".join(texts)
