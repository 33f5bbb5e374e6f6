"""Sizes of the numbers of a problem: what searches that propose in floats and balls can take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from exactsurf.errors import UnsupportedError
from exactsurf.exact.number import near
from exactsurf.model.problem import Problem

_BITS = 256
"""The largest number of each kind lies between 2 to minus this power and 2 to this power."""


def check_scales(problem: Problem, *, weights: bool = False) -> None:
    """Refuse a problem whose targets are beyond what searches propose with; with weight decay weights and inputs, too.

    Weight decay compares all these, so that none of them can be scaled away. Without it inputs may have any size here, and
    weights, unless `weights` says that they are looked at. Exactness: exact.
    Raises: `UnsupportedError`, which names the number, its place, and what to do. Source: none; a limit.

    >>> import exactsurf as es
    >>> try:
    ...     check_scales(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 10**90], [1, 2]), weight_decay=1))
    ... except es.UnsupportedError as error:
    ...     print(error)
    input 0 of sample 1 is 1e90; searches propose with numbers from 2^-256 to 2^256; scale the inputs
    """
    for what, value, fix in _largest(problem, weights):
        if value and not Fraction(1, 1 << _BITS) <= abs(value) <= 1 << _BITS:
            raise UnsupportedError(f"{what} is {near(value)}; searches propose with numbers from 2^-{_BITS} to 2^{_BITS}", fix)


def _largest(problem: Problem, weights: bool) -> Iterator[tuple[str, Fraction, str]]:
    """The largest number of every kind in size, with its place, and what to do if it is out of bounds."""
    data, decay = problem.data, problem.decay
    i, k, value = _largest_entry(data.y)
    yield f"target {k} of sample {i}", value, "scale the targets"
    if decay is not None or weights:
        both = "divide the weights of all samples" + (" and weight_decay" if decay is not None else "")
        divide = f"{both} by one number: the risk is divided by it, too"
        i, _, value = _largest_entry([(share,) for share in problem.without_decay.shares])
        yield f"the weight of sample {i}", value, divide
        if decay is not None:
            yield "weight_decay", decay.factor, divide
            i, k, value = _largest_entry(data.x)
            yield f"input {k} of sample {i}", value, "scale the inputs"


def _largest_entry(rows: Sequence[Sequence[Fraction]]) -> tuple[int, int, Fraction]:
    return max(((i, k, value) for i, row in enumerate(rows) for k, value in enumerate(row)), key=lambda entry: abs(entry[2]))
