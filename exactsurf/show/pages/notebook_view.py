"""What notebooks show of problems, points, cells, verdicts, reports and landscapes, small and without any computation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.show.text.formula import plain, tex
from exactsurf.show.text.html_formula import formula
from exactsurf.show.text.numeral import numeral

if TYPE_CHECKING:
    from exactsurf.cells.cell import Cell
    from exactsurf.exact.balls import Ball
    from exactsurf.minima.senses.senses import Stationarity
    from exactsurf.minima.smooth.critical_box import CriticalBox
    from exactsurf.minima.walls.box import BoxOnWalls
    from exactsurf.model.parameters import Parameters
    from exactsurf.model.problem import Problem
    from exactsurf.surface.surface import Landscape
    from exactsurf.theorems.theorem import Report

_ROWS = 6  # of data, at most
_COLUMNS = 6  # of data, at most
_UNITS = 12  # of a pattern, at most
_SAMPLES = 40  # of a pattern, at most
_TERMS = 12  # of a polynomial, at most
_VALLEYS = 10  # of a landscape, at most
_LETTERS = 400  # of a reason, at most
_FINDINGS = 20  # of a report, at most
_SIDE = 6  # rows and columns of a matrix, at most
_LAYERS = 4  # at most

_STYLES = {False: "padding: 0 0.6em; text-align: right", True: "padding: 0 0.6em; text-align: left"}
_BRACKETS = (
    "display: inline-table; vertical-align: middle; text-align: right; border-left: 1px solid; border-right: 1px solid; "
    "border-radius: 0.6em"
)
# Never by colour alone: a sign and the word stand there too.
_SIGNS = {Status.PROVED: ("✓", "#0072B2"), Status.REFUTED: ("✗", "#D55E00"), Status.UNDECIDED: ("?", "#777777")}


def problem_html(problem: Problem) -> str:
    """A problem: its parts, and the first rows of its data.

    Parameters: `problem` of any size, with a smooth activation or not. Returns: HTML of bounded size.
    Exactness: numbers without ≈ are exact; nothing is computed. Raises: nothing. Source: none.
    """
    data, inputs, outputs = problem.data, problem.data.inputs.columns, problem.data.targets.columns
    shown_in, shown_out = min(inputs, _COLUMNS), min(outputs, _COLUMNS)
    header = [*(_name("x", k, inputs) for k in range(shown_in)), *(_name("y", k, outputs) for k in range(shown_out))]
    rows = [
        [*map(numeral, data.inputs.row(i)[:shown_in]), *map(numeral, data.targets.row(i)[:shown_out])]
        for i in range(min(len(data), _ROWS))
    ]
    more = [
        *([f"{len(data) - len(rows)} more samples"] if len(data) > len(rows) else []),
        *([f"{inputs - shown_in} more inputs"] if inputs > shown_in else []),
        *([f"{outputs - shown_out} more targets"] if outputs > shown_out else []),
    ]
    return _box(
        _line("Problem", repr(problem)),
        _table(header, rows),
        _note("… ", ", ".join(more)),
    )


def cell_html(cell: Cell) -> str:
    """A cell: its pattern, and its risk if that is known already and short.

    Parameters: `cell` of any size. Returns: HTML of bounded size. Exactness: exact; nothing is computed.
    Raises: nothing. Source: none.
    """
    units = [(layer, j, unit) for layer, found in enumerate(cell.pattern.pieces, start=1) for j, unit in enumerate(found)]
    rows = [[f"{layer}.{j}", _pieces(unit)] for layer, j, unit in units[:_UNITS]]
    more = f"{len(units) - _UNITS} more units" if len(units) > _UNITS else ""
    known = vars(cell).get("risk")
    if known is None:
        risk = "cell.risk is computed when it is asked for"
    elif known.terms > _TERMS:
        risk = f"risk: a polynomial of {known.terms} terms, degree {known.total_degree}"
    else:
        risk = f"risk: {known}"
    return _box(
        _line("Cell", f"of {cell.problem.network!r}, {len(cell.problem.data)} samples"),
        _table(["unit", "pieces"], rows),
        _note("… ", more),
        _note("", risk),
    )


def verdict_html(verdict: Verdict) -> str:
    """A verdict: status as sign, word and colour, the reason, and how to check it again.

    Parameters: `verdict`. Returns: HTML of bounded size. Exactness: exact; nothing is computed. Raises: nothing. Source: none.

    >>> import exactsurf as es
    >>> "? UNDECIDED</b> a &lt; b is open" in verdict_html(es.Verdict(es.Status.UNDECIDED, "a < b is open"))
    True
    """
    sign, colour = _SIGNS[verdict.status]
    parts = [f'<div><b style="color: {colour}">{sign} {verdict.status}</b> {escape(_shortened(verdict.reason))}</div>']
    if verdict.risk is not None:
        parts.append(f"<div>risk {formula(numeral(verdict.risk))}</div>")
    if verdict.assumptions:
        parts.append(_note("assuming ", "; ".join(verdict.assumptions)[:_LETTERS]))
    if verdict.lower_point is not None:
        parts.append(_note("", "a point of lower risk: verdict.lower_point"))
    if verdict.certificate is not None:
        parts.append(_note("check it again: ", "es.verify(verdict.certificate)"))
    return _box(*parts)


def stationarity_html(found: Stationarity) -> str:
    """The senses of being stationary, one row each.

    Parameters: `found`. Returns: HTML of bounded size. Exactness: exact; nothing is computed. Raises: nothing. Source: none.
    """
    rows = [[name, _status(status), _shortened(reason)] for name, status, reason in found.rows()]
    return _box(
        _line("Stationarity", f"at a point of risk {plain(numeral(found.risk))}"), _table(["sense", "", ""], rows, is_prose=True)
    )


def box_html(box: CriticalBox | BoxOnWalls) -> str:
    """A box that holds one critical point, or a minimum on walls: whether that is a local minimum, and what was proved.

    Parameters: `box`. Returns: HTML of bounded size. Exactness: nothing is computed; what is rounded stands behind ≈.
    Raises: nothing. Source: none.
    """
    sign, colour = _SIGNS[box.status]
    return _box(
        f'<div><b style="color: {colour}">{sign} {box.status}</b> {escape(_shortened(box.reason))}</div>',
        _note("", f"of {box.problem!r}"),
        f"<div>radius {formula(numeral(box.radius))}, risk {formula(numeral(box.risk))}</div>",
        _note("check it again: ", "es.verify(box.certificate)"),
    )


def report_html(report: Report) -> str:
    """The hypotheses of a theorem on one problem, with their witnesses.

    Parameters: `report` of any size. Returns: HTML of bounded size; `report.to_html()` leaves nothing out.
    Exactness: exact; nothing is computed. Raises: nothing. Source: none.
    """
    rows = [[f.name, _shortened(f.statement), _status(f.status), _shortened(f.witness)] for f in report.findings[:_FINDINGS]]
    if report.conclusion is not None:
        rows.append(["conclusion", "", _status(report.conclusion.status), _shortened(report.conclusion.reason)])
    more = f"{len(report.findings) - _FINDINGS} more hypotheses" if len(report.findings) > _FINDINGS else ""
    table = _table(["hypothesis", "statement", "here", "witness"], rows, is_prose=True)
    return _box(_line("Theorem", report.theorem), table, _note("… ", more))


def ball_html(ball: Ball) -> str:
    """An enclosed number: as it is if the ball is exact and the number short, else digits and a radius.

    Parameters: `ball`. Returns: HTML. Exactness: what stands without ≈ is exact; the radius is rounded up. Raises: nothing.
    Source: none.
    """
    return formula(numeral(ball))


def ball_latex(ball: Ball) -> str:
    r"""The same as LaTeX.

    Parameters: `ball`. Returns: LaTeX. Exactness: as `ball_html`. Raises: nothing. Source: none.

    >>> import exactsurf as es
    >>> print(ball_latex(es.Ball(Fraction(1, 3), Fraction(1, 10**9))))
    $\displaystyle \approx  0.3333333333 \pm  1\cdot 10^{-9}$
    """
    return rf"$\displaystyle {tex(numeral(ball))}$"


def parameters_html(parameters: Parameters) -> str:
    """Weights and biases as matrices, cut off after six rows and columns and four layers.

    Parameters: `parameters` of any size. Returns: HTML of bounded size, which a browser without a network shows as well.
    Exactness: numbers without ≈ are exact. Raises: nothing. Source: none.

    >>> from exactsurf.model.network import Network
    >>> from exactsurf.model.parameters import parameters_from
    >>> "1/2</span></td>" in parameters_html(parameters_from(Network([1, 1], "linear"), W1=[["1/2"]], b1=[3]))
    True
    """
    shown = [f"{formula(f'{name[0]}_{{{name[1:]}}} =')} {_html_matrix(rows)}" for name, rows in _matrices(parameters)]
    if len(parameters.weights) > _LAYERS:
        shown.append("…")
    parts = "".join(f'<div style="display: inline-block; margin-right: 1.2em">{part}</div>\n' for part in shown)
    return f"<div>\n{parts}</div>\n"


def parameters_latex(parameters: Parameters) -> str:
    r"""The same as LaTeX.

    Parameters: `parameters` of any size. Returns: LaTeX of bounded size. Exactness: numbers without ≈ are exact.
    Raises: nothing. Source: none.

    >>> import exactsurf as es
    >>> from exactsurf.model.parameters import parameters_from
    >>> print(parameters_latex(parameters_from(es.Network([1, 1], "linear"), W1=[["1/2"]], b1=[3])))
    $\displaystyle W_{1} = \begin{pmatrix} \tfrac{1}{2} \end{pmatrix},\; b_{1} = \begin{pmatrix} 3 \end{pmatrix}$
    """
    shown = [f"{name[0]}_{{{name[1:]}}} = {_matrix(rows)}" for name, rows in _matrices(parameters)]
    if len(parameters.weights) > _LAYERS:
        shown.append(r"\dots")
    return r"$\displaystyle " + r",\; ".join(shown) + "$"


def _matrices(parameters: Parameters) -> Iterator[tuple[str, Sequence[Sequence[Fraction]]]]:
    """Names and matrices of the first layers; a bias is one column."""
    for layer, (weights, bias) in enumerate(zip(parameters.weights[:_LAYERS], parameters.biases, strict=False), start=1):
        yield f"W{layer}", weights
        if bias is not None:
            yield f"b{layer}", [[value] for value in bias[: _SIDE + 1]]


def _html_matrix(rows: Sequence[Sequence[Fraction]]) -> str:
    lines = []
    for row in rows[:_SIDE]:
        cells = [*(formula(numeral(value)) for value in row[:_SIDE]), *(["⋯"] if len(row) > _SIDE else [])]
        lines.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>\n")
    if len(rows) > _SIDE:
        lines.append("<tr><td>⋮</td></tr>\n")
    return f'<table style="{_BRACKETS}">\n{"".join(lines)}</table>'


def _matrix(rows: Sequence[Sequence[Fraction]]) -> str:
    lines = []
    for row in rows[:_SIDE]:
        more = [r"\cdots"] if len(row) > _SIDE else []
        lines.append(" & ".join([*(tex(numeral(value)) for value in row[:_SIDE]), *more]))
    if len(rows) > _SIDE:
        lines.append(r"\vdots")
    return r"\begin{pmatrix} " + r" \\ ".join(lines) + r" \end{pmatrix}"


def _status(status: Status | str) -> str:
    return f"{_SIGNS[Status(status)][0]} {status}"


def _shortened(text: str) -> str:
    return text if len(text) <= _LETTERS else f"{text[:_LETTERS]} …"


def landscape_html(land: Landscape) -> str:
    """A landscape: its lowest valleys with their barriers.

    Parameters: `land` of any size. Returns: HTML of bounded size. Exactness: numbers without ≈ are exact; nothing is computed.
    Raises: nothing. Source: none.
    """
    rows = []
    for place, valley in enumerate(land.valleys[:_VALLEYS]):
        kind = "global minimum" if valley.is_global else "spurious valley"
        barrier = "" if valley.barrier is None else numeral(valley.barrier)
        note = kind if valley.is_attained else f"{kind}, not attained"
        rows.append([str(place), numeral(valley.risk), barrier, str(valley.multiplicity), note])
    more = f"{len(land.valleys) - _VALLEYS} more valleys" if len(land.valleys) > _VALLEYS else ""
    return _box(
        _line("Landscape", f"of {land.problem!r}: {land.cells} signed cells, {land.orbits} up to the order of the units"),
        _table(["valley", "risk", "barrier", "copies", ""], rows),
        _note("… ", more),
    )


def _name(letter: str, number: int, count: int) -> str:
    return letter if count == 1 else f"{letter}_{{{number}}}"


def _pieces(unit: Sequence[int | None]) -> str:
    shown = ["|" if piece is None else str(piece) for piece in unit[:_SAMPLES]]
    text = ("" if all(len(digit) == 1 for digit in shown) else " ").join(shown)
    return text if len(unit) <= _SAMPLES else f"{text} … {len(unit) - _SAMPLES} more"


def _box(*parts: str) -> str:
    return f"<div>\n{''.join(parts)}</div>\n"


def _line(kind: str, text: str) -> str:
    return f"<div><b>{kind}</b> {escape(text)}</div>\n"


def _note(before: str, text: str) -> str:
    return f"<div><small>{escape(before + text)}</small></div>\n" if text else ""


def _table(header: Iterable[str], rows: Iterable[Iterable[str]], *, is_prose: bool = False) -> str:
    head = "".join(_entry("th", cell, is_prose) for cell in header)
    body = "".join("<tr>" + "".join(_entry("td", cell, is_prose) for cell in row) + "</tr>\n" for row in rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"


def _entry(tag: str, cell: str, is_prose: bool) -> str:
    """Words as they are, to the left; numbers and names of variables as formulas, to the right."""
    is_text = is_prose or any(len(word) > 1 and word.strip(",").isalpha() for word in cell.split())
    return f'<{tag} style="{_STYLES[is_text]}">{escape(cell) if is_text else formula(cell)}</{tag}>'
