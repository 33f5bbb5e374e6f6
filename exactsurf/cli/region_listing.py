"""``exactsurf cells`` for two and more hidden layers: the pattern regions found, and what is known of the rest."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from exactsurf.cells.activation_pattern import Pieces
from exactsurf.cells.patterns.pattern_regions import PatternRegions, pattern_regions
from exactsurf.certificate.claims.all_cells import pieces_text
from exactsurf.cli.terminal import DONE, INTERRUPTED, UNDECIDED, print_json, stages, stdout
from exactsurf.exact.number import integer_text
from exactsurf.model.problem import Problem

_COUNTED = 100_000
"""Regions that are counted at least, where none is printed."""

_COMPLETE = {True: "true", False: "false", None: "unknown"}


def show_regions(
    problem: Problem, *, count: bool, limit: int, modulo_permutation: bool, decide: str, as_json: bool, quiet: bool
) -> int:
    """Find and print the pattern regions of a network with several hidden layers; the exit status."""
    most = max(limit, _COUNTED) if count else limit
    with stages("looking for regions", quiet) as stage:
        found = pattern_regions(problem, limit=most, modulo_permutation=modulo_permutation, decide=decide, note=stage)
    if as_json:
        print_json(_document(found, count))
    else:
        _print(found, count)
    if found.interrupted:
        Console(stderr=True).print("interrupted; the regions that were found are right", highlight=False)
        return INTERRUPTED
    return UNDECIDED if found.complete is None else DONE


def _document(found: PatternRegions, count: bool) -> dict[str, Any]:
    document: dict[str, Any] = {
        "cells": integer_text(len(found)),
        "complete": "unknown" if found.complete is None else found.complete,
        "why": found.why,
        "modulo_permutation": found.modulo_permutation,
    }
    if not count:
        document["patterns"] = [_layers(found.problem, region.pattern.pieces) for region in found.regions]
        for name, families in (("impossible", found.impossible), ("undecided", found.undecided)):
            document[name] = [
                {"pattern": _layers(found.problem, family.pieces), "settled_by": str(family.settled_by), "reason": family.reason}
                for family in families
            ]
    return document | ({"interrupted": True} if found.interrupted else {})


def _print(found: PatternRegions, count: bool) -> None:
    console = stdout()
    console.print(f"{len(found)} pattern regions{' modulo permutation of units' if found.modulo_permutation else ''}")
    console.print(f"complete: {_COMPLETE[found.complete]} ({found.why})")
    console.print(f"{len(found.impossible)} families of patterns are impossible, {len(found.undecided)} are open")
    for region in [] if count else found.regions:
        console.print("; ".join(map("  ".join, _layers(found.problem, region.pattern.pieces))), markup=False)


def _layers(problem: Problem, pieces: Pieces) -> list[list[str]]:
    """The pieces of every unit, by layer; a question mark where a partial pattern is free."""
    return [[_unit_text(problem, unit) for unit in layer] for layer in pieces]


def _unit_text(problem: Problem, unit: tuple[int | None, ...]) -> str:
    breakpoints = len(problem.network.activation.breakpoints)
    separator = "." if breakpoints >= 10 else ""
    return separator.join("?" if piece is None else pieces_text([piece], breakpoints) for piece in unit)
