"""Activation patterns as people write them: units between blanks, layers between semicolons."""

from __future__ import annotations

from exactsurf.cells.activation_pattern import ActivationPattern, Pieces, checked_pattern
from exactsurf.certificate.claims.all_cells import pieces_text
from exactsurf.errors import InputError, check_kind
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.problem import Problem


def pattern_text(problem: Problem, pattern: ActivationPattern) -> list[str]:
    """The pieces of every hidden unit of an interior `pattern`, as `pieces_text` writes them."""
    breakpoints = len(problem.network.activation.breakpoints)
    return [pieces_text([k or 0 for k in unit], breakpoints) for layer in pattern.pieces for unit in layer]


def read_pattern(problem: Problem, text: str) -> ActivationPattern:
    """The activation pattern that a text means, whether or not parameters have it.

    Parameters: `text`, the pieces of the activation on every sample in order, unit by unit between blanks, layers between
    semicolons; pieces are digits (for ReLU 0 is off, 1 is on), or numbers between dots from ten breakpoints on.
    Exactness: exact. Raises: `InputError` for other characters and pieces that the activation does not have, `ShapeError`
    for another number of layers, units or samples. Source: proofs/FORMAT.md, section 6.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 0]))
    >>> es.read_pattern(problem, "011 100")
    ActivationPattern(011 100)
    """
    check_kind(text, str, "read_pattern", "write it as 011 100")
    check_piecewise_linear(problem, "read_pattern")
    dotted = len(problem.network.activation.breakpoints) >= 10
    layers: list[tuple[tuple[int, ...], ...]] = []
    for layer in text.split(";") if text.strip() else []:
        units = []
        for unit in layer.split():
            parts = unit.split(".") if dotted else list(unit)
            if not all(part.isdecimal() and part.isascii() and len(part) <= 9 for part in parts):
                how = "numbers between dots, 0.11.3" if dotted else "digits, 0110"
                raise InputError("not the pieces of a unit", text=unit, fix=f"write the piece on every sample as {how}")
            units.append(tuple(map(int, parts)))
        layers.append(tuple(units))
    pieces: Pieces = tuple(layers)
    checked_pattern(problem, ActivationPattern(pieces))  # its canonical form is not wanted: it may be another pattern
    return ActivationPattern(pieces)
