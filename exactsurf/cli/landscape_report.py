"""What ``exactsurf landscape`` prints: valleys and local minima, as tables and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from rich.console import Console
from rich.table import Table

from exactsurf.certificate.problem_document import parameters_document
from exactsurf.cli.terminal import stdout
from exactsurf.exact.number import equal_or_near, integer_text, near, to_text
from exactsurf.model.parameters import Parameters
from exactsurf.model.sample_symmetries import sample_symmetries
from exactsurf.surface.local_minima import LocalMinimum
from exactsurf.surface.restricted.minimiser_sets import RestrictedMinimum
from exactsurf.surface.surface import Landscape
from exactsurf.surface.valley import Valley


def landscape_document(land: Landscape, minima: tuple[LocalMinimum, ...] | None) -> dict[str, Any]:
    """A landscape as ``--json`` prints it; `minima` None: not asked for."""
    document: dict[str, Any] = {
        "signed_cells": integer_text(land.cells),
        "orbits": integer_text(land.orbits),
        "facets": integer_text(land.work.facets),
        "data_symmetries": integer_text(land.symmetries.order),
        "sample_symmetries": integer_text(sample_symmetries(land.problem).order),
        "global_minimum": {
            "risk": to_text(land.global_minimum.risk),
            "attained": land.global_minimum.is_attained,
            "parameters": _point(land.global_minimum.parameters),
        },
        "valleys": [valley_document(valley) for valley in land.valleys],
    }
    # null: not asked for.
    document["local_minima"] = None if minima is None else [local_minimum_document(found) for found in minima]
    document["local_minima_complete"] = minima is not None and land.has_all_local_minima
    return document


def valley_document(valley: Valley) -> dict[str, Any]:
    """A valley as ``--json`` prints it."""
    return {
        "risk": to_text(valley.risk),
        "barrier": None if valley.barrier is None else to_text(valley.barrier),
        "merges_at": None if valley.merges_at is None else to_text(valley.merges_at),
        "multiplicity": valley.multiplicity,
        "global": valley.is_global,
        "spurious": valley.is_spurious,
        "attained": valley.is_attained,
        "parameters": _point(valley.parameters),
    }


def local_minimum_document(found: LocalMinimum | RestrictedMinimum) -> dict[str, Any]:
    """A connected set of local minima as ``--json`` prints it."""
    return {
        "risk": to_text(found.risk),
        "dimension": found.dimension,
        "multiplicity": found.multiplicity,
        "strict": found.is_strict,
        "global": found.is_global,
        "spurious": found.is_spurious,
        "valley": found.is_valley,
        "valleys": list(found.valleys),
        "parameters": _point(found.parameters),
    }


def _point(parameters: Parameters | None) -> dict[str, Any] | None:
    return None if parameters is None else parameters_document(parameters)


def print_landscape(land: Landscape, minima: tuple[LocalMinimum, ...] | None, limit: int) -> None:
    """Print a landscape, at most `limit` rows of each table."""
    console = stdout()
    best = land.global_minimum
    console.print(f"{land.cells} signed cells, {land.orbits} modulo the order of the units, {land.work.facets} facets")
    if land.symmetries.order > 1:
        console.print(f"{land.symmetries.order} symmetries of the data, from {'; '.join(map(str, land.symmetries.generators))}")
    attained = repr(best.parameters) if best.is_attained else "not attained (an infimum at infinity)"
    console.print(f"global minimum  {number(best.risk)}  {attained}", markup=False)
    print_valleys(console, land.valleys, limit)
    # Valleys are listed above; what is left are the local minima that a plateau leads out of.
    others = [] if minima is None else [found for found in minima if not found.is_valley]
    if others:
        table = Table("risk", "dimension", "copies", "leads to valleys", title="Other local minima")
        for found in others[:limit]:
            below = [str(place) for place in found.valleys]
            text = ", ".join(below[:6]) + (" …" if len(below) > 6 else "")
            table.add_row(number(found.risk), str(found.dimension), str(found.multiplicity), text)
        show_rows(console, table, len(others), limit)


def print_valleys(console: Console, valleys: Sequence[Valley], limit: int) -> None:
    """The table of the first `limit` valleys."""
    table = Table("", "risk", "barrier", "merges at", "copies", "", title="Valleys")
    for place, valley in enumerate(valleys[:limit]):
        kind = "global" if valley.is_global else "spurious"
        least = "" if valley.barrier_at_least is None else f"at least {number(valley.barrier_at_least)}"
        barrier = least if valley.barrier is None else number(valley.barrier)
        merges = "" if valley.merges_at is None else number(valley.merges_at)
        note = kind if valley.is_attained else f"{kind}, not attained"
        table.add_row(str(place), number(valley.risk), barrier, merges, str(valley.multiplicity), note)
    show_rows(console, table, len(valleys), limit)


def show_rows(console: Console, table: Table, count: int, limit: int) -> None:
    """Print a table, and how many rows it leaves out."""
    console.print(table)
    if count > limit:
        console.print(f"… {count - limit} more; raise --limit, or use --json")


def number(value: Fraction) -> str:
    """A rational number for people: long ones with the decimal that is near."""
    text = to_text(value)
    if len(text) > 24:
        return near(value, 12)
    return f"{text} {equal_or_near(value)}" if "/" in text else text
