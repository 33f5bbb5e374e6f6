"""The proof that a list of cells is complete, as a certificate that the verifier has accepted."""

from __future__ import annotations

from collections.abc import Callable

from exactsurf.cells.unit_cells import count_unit_cells, enumerate_unit_cells
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.all_cells import AllCells, ListedCell
from exactsurf.errors import InputError, InternalError, UnsupportedError
from exactsurf.exact.number import integer_text
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.problem import Problem

MAX_CELLS = 200_000
"""Most cells of one unit in a certificate, unless more are asked for; each takes some hundred bytes."""


def certify_all_cells(
    problem: Problem,
    *,
    limit: int = MAX_CELLS,
    embed: bool | None = None,
    progress: Callable[[int], None] | None = None,
) -> AllCells:
    """All cells of a network with one hidden layer, with the proof that there are no others.

    Parameters: a `problem` with one hidden layer; `limit`, the most cells of one unit to write down; `embed`, whether data
    from a file are restated in the certificate (see `problem_document`); `progress` is called now and then with the number of
    cells found.
    Returns: a certificate, accepted by the verifier: a point strictly inside each cell of a hidden unit, and their number,
    which the verifier counts itself. The cells of the network are the products of the cells of its units.
    Exactness: exact. Raises: `InputError` with the exact number if there are more than `limit` cells, and as
    `unit_arrangement`; `UnsupportedError` for deeper networks, weight decay and losses by expression.
    Source: theory.md, section 2; proofs/claims/all_cells.md.

    >>> import exactsurf as es
    >>> xor = es.Data.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    >>> es.certify_all_cells(es.Problem(es.Network([2, 2, 1]), xor)).sentence
    'On 4 samples each hidden unit of the 2-2-1 network has exactly 14 activation cells, and the network exactly 14^2.'
    """
    check_piecewise_linear(problem, "certify_all_cells")
    if problem.decay is not None or not problem.loss.is_piecewise_quadratic:
        raise UnsupportedError(
            "the certificate of all cells has no words for weight decay and for losses by expression",
            "cells do not depend on them: certify_all_cells(es.Problem(problem.network, problem.data))",
        )
    count = count_unit_cells(problem)
    if count > limit:
        raise InputError(
            f"one hidden unit has {integer_text(count)} cells, more than the limit of {limit} for a certificate",
            fix="count them without listing, certify fewer samples, or raise the limit",
        )
    cells = []
    for cell in enumerate_unit_cells(problem):
        cells.append(ListedCell(cell.pieces, cell.witness))
        if progress is not None and len(cells) % 4096 == 0:
            progress(len(cells))
    if len(cells) != count:
        raise InternalError(f"{len(cells)} cells were listed, but {count} counted")
    return confirmed(AllCells(problem, tuple(cells), embed))
