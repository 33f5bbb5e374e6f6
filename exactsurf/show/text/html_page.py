"""A certificate as one self-contained HTML page: no network, no script, everything escaped."""

from __future__ import annotations

from html import escape

from exactsurf.errors import InternalError
from exactsurf.exact.number import to_text
from exactsurf.show.text.exposition import Exposition
from exactsurf.show.text.html_formula import formula, prose
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

STYLE = """
:root { color-scheme: light dark; }
body { font: 1.05rem/1.55 Georgia, "DejaVu Serif", serif; max-width: 46rem; margin: 2.5rem auto; padding: 0 1.2rem; }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.claim { border-left: 0.3rem solid #0072b2; padding: 0.4rem 1rem; margin: 1rem 0; }
.display { margin: 0.8rem 2rem; overflow-x: auto; }
.m { font-family: "STIX Two Math", "Cambria Math", "DejaVu Serif", serif; }
.m var { font-style: italic; } sub, sup { line-height: 0; font-size: 72%; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.table { overflow-x: auto; margin: 0.8rem 0; }
.table th { border-bottom: 1px solid; font-weight: normal; } .table th, .table td { padding: 0.15rem 0.8rem; text-align: right; }
.matrices { display: flex; flex-wrap: wrap; gap: 0.6rem 2rem; align-items: center; margin: 0.8rem 2rem; }
.matrix { display: inline-flex; align-items: center; gap: 0.5rem; }
.matrix table { border: solid; border-width: 0 2px; border-radius: 0.7rem; padding: 0.1rem 0.2rem; }
.matrix table, .cases table { border-collapse: separate; border-spacing: 0; }
.matrix td { padding: 0.1rem 0.5rem; text-align: right; }
.cases { display: inline-flex; align-items: center; gap: 0.5rem; margin: 0.4rem 2rem; }
.cases table { border-left: 2px solid; border-radius: 0.7rem; } .cases td { padding: 0.1rem 0.8rem; }
code, pre { font: 0.88em/1.4 "DejaVu Sans Mono", Consolas, monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
pre { border: 1px solid #8888; border-radius: 0.3rem; padding: 0.6rem 0.8rem; }
.end { text-align: right; }
@media print { body { margin: 0; max-width: none; } .table, .matrices { break-inside: avoid; } }
"""


def html_text(text: Exposition) -> str:
    """The text as one HTML page that refers to nothing outside itself."""
    body = [
        f"<h1>{escape(text.title)}</h1>",
        f'<p class="claim">{escape(text.sentence)}</p>',
        "<h2>Setting</h2>",
        *_blocks(text.setting),
        "<h2>Theorem</h2>",
        *_blocks(text.statement),
        "<h2>Proof</h2>",
        *_blocks(text.proof),
        '<p class="end">∎</p>',
        "<h2>Check it again</h2>",
        *_blocks(text.check),
    ]
    return page(text.title, body)


def page(title: str, body: list[str], mark: str = "") -> str:
    """A whole HTML document.

    Parameters: `title`, plain text; `body`, HTML; `mark`, HTML at the beginning of the head.
    Exactness: nothing is computed. Raises: nothing. Source: none.

    >>> page("1 < 2", ["<p>yes</p>"]).splitlines()[0]
    '<!DOCTYPE html>'
    """
    head = f'<meta charset="utf-8">{mark}\n<meta name="viewport" content="width=device-width">\n<title>{escape(title)}</title>'
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            head,
            f"<style>{STYLE}</style>",
            "</head>",
            "<body>",
            *body,
            "</body>",
            "</html>",
            "",
        ]
    )


def _blocks(blocks: Blocks) -> list[str]:
    return [_block(block) for block in blocks]


def _block(block: Block) -> str:
    match block:
        case Paragraph(text):
            return f"<p>{_text(text)}</p>"
        case Display(source):
            return f'<p class="display">{formula(source)}</p>'
        case Items(items):
            return "<ol>\n" + "\n".join(f"<li>{_text(item)}</li>" for item in items) + "\n</ol>"
        case Table(header, rows):
            head = "".join(f"<th>{formula(cell)}</th>" for cell in header)
            return f'<div class="table"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{_rows(rows)}</tbody>\n</table></div>'
        case Matrices(matrices):
            return f'<div class="matrices">\n{"".join(_matrix(name, rows) for name, rows in matrices)}</div>'
        case Cases(left, cases):
            body = "".join(f"<tr><td>{formula(value)}</td><td>if {formula(where)}</td></tr>\n" for value, where in cases)
            return f'<div class="cases">{formula(left)} = <table>\n{body}</table></div>'
        case Numbers(values):
            lines = (f"{formula(name)} = <code>{to_text(value)}</code> ≈ {formula(rounded(value))}" for name, value in values)
            return "<ul>\n" + "\n".join(f"<li>{line}</li>" for line in lines) + "\n</ul>"
        case Command(line):
            return _command(line)
        case Rounded():
            raise InternalError("marks of rounding are gathered before a text is set")
    raise TypeError(block)


def _text(text: Text) -> str:
    return "".join(f"<code>{escape(_printable(p.text))}</code>" if isinstance(p, Name) else prose(p) for p in text)


def _rows(rows: tuple[tuple[str, ...], ...]) -> str:
    return "".join("<tr>" + "".join(f"<td>{formula(cell)}</td>" for cell in row) + "</tr>\n" for row in rows)


def _matrix(name: str, rows: tuple[tuple[str, ...], ...]) -> str:
    return f'<div class="matrix">{formula(name)} = <table>\n{_rows(rows)}</table></div>\n'


def _command(line: str) -> str:
    return f"<pre>{escape(_printable(line))}</pre>"


def _printable(name: str) -> str:
    return name if name.isprintable() else ascii(name)[1:-1]
