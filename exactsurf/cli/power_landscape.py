"""``exactsurf landscape`` for a problem file with parameters that are shared by layers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from rich.table import Table

from exactsurf.certificate.encoding import counted
from exactsurf.cli.cell_progress import cell_progress
from exactsurf.cli.enclosed_report import Outputs
from exactsurf.cli.landscape_report import number, show_rows
from exactsurf.cli.terminal import DONE, print_json, stdout
from exactsurf.effort import Effort
from exactsurf.errors import UnsupportedError
from exactsurf.exact.number import brief, to_text
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.surface.restricted.power_landscape import PowerLandscape, power_landscape


def print_power_landscape(
    restricted: RestrictedProblem, max_cells: int, files: Outputs, refused: Sequence[str], effort: Effort
) -> int:
    """Compute the landscape in powers and print it.

    Parameters: `files`, how it is printed; `refused`, the options that were given and are not known here.
    Returns: the exit status. Exactness: exact. Raises: `UnsupportedError` naming the first of `refused`; errors of
    `power_landscape`. Source: proofs/scaled_surface.md.
    """
    if refused:
        raise UnsupportedError(f"{refused[0]} is not known for parameters that are shared by layers", f"leave out {refused[0]}")
    with cell_progress(files.quiet) as report:
        land = power_landscape(restricted, max_cells=max_cells, effort=effort, progress=report)
    names, limit = _names(land), files.limit
    if files.as_json:
        print_json(
            {
                "cells": len(land.risks),
                "powers": names,
                "valleys": [
                    {
                        "risk": to_text(v.risk),
                        "barrier": None if v.barrier is None else to_text(v.barrier),
                        "merges_at": None if v.merges_at is None else to_text(v.merges_at),
                        "powers": _said(names, v.powers),
                    }
                    for v in land.valleys
                ],
                "local_minima": [
                    {"risk": to_text(m.risk), "dimension": m.dimension, "valley": m.is_valley, "powers": _said(names, m.powers)}
                    for m in land.local_minima
                ],
            }
        )
        return DONE
    console = stdout()
    console.print(f"{counted(len(land.risks), 'cell')} of {counted(len(names), 'power')}: {', '.join(names)}", markup=False)
    console.print(f"global minimum  {number(land.global_minimum.risk)}  {_text(names, land.global_minimum.powers)}", markup=False)
    valleys = Table("risk", "barrier", "merges at", "powers", title="Valleys")
    for v in land.valleys[:limit]:
        levels = ["" if level is None else number(level) for level in (v.barrier, v.merges_at)]
        valleys.add_row(number(v.risk), *levels, _text(names, v.powers))
    show_rows(console, valleys, len(land.valleys), limit)
    minima = Table("risk", "dimension", "", "powers", title="Local minima")
    for m in land.local_minima[:limit]:
        kind = "global" if m.is_global else "valley" if m.is_valley else "plateau with a way down"
        minima.add_row(number(m.risk), str(m.dimension), kind, _text(names, m.powers))
    show_rows(console, minima, len(land.local_minima), limit)
    return DONE


def _names(land: PowerLandscape) -> list[str]:
    """Each power, of the sign of its parameter: w, w|w|, w|w|^2."""
    return [
        name if e == 1 else f"{name}|{name}|" if e == 2 else f"{name}|{name}|^{e - 1}"
        for name, e in zip(land.problem.restriction.names, land.exponents, strict=True)
    ]


def _said(names: Sequence[str], powers: Sequence[Fraction]) -> dict[str, Any]:
    return {name: to_text(value) for name, value in zip(names, powers, strict=True)}


def _text(names: Sequence[str], powers: Sequence[Fraction]) -> str:
    return ", ".join(f"{name}={brief(value)}" for name, value in zip(names, powers, strict=True))
