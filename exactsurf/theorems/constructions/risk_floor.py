"""A number that the risk of no parameters goes below, with the reason: what the best function of the inputs reaches."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import comb

from exactsurf.certificate.claims.global_minimum import GlobalMinimum
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.linear_algebra import rank
from exactsurf.model.problem import Problem
from exactsurf.surface.global_certificate import certify_global_minimum

_MAX_STEPS = 20_000
MAX_ORBITS = 20_000
"""Orbits of signed cells up to which theorems ask the landscape about an instance."""


def risk_floor(problem: Problem) -> tuple[Fraction, str]:
    """A lower bound of the risk over all parameters, and the reason.

    Parameters: `problem`; with the squared loss the bound is that of the best function of the inputs (the mean of the
    targets at every distinct input), or of the best affine function if the activation is linear; with other losses it is the sum
    of the least losses of single samples.
    Exactness: exact. Raises: `UnsupportedError` for a loss by expression. Source: standard.

    >>> import exactsurf as es
    >>> risk_floor(es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 0, 1], [0, 1, 5])))[0]
    Fraction(1, 4)
    """
    if not problem.is_least_squares:
        pairs = product(range(len(problem.data)), range(problem.network.widths[-1]))
        least = sum((problem.term_function(i, k).least for i, k in pairs if problem.term_outputs(i, k)), Fraction(0))
        return least, "no loss is negative" if not least else "no sample has a lower loss"
    scale = problem.common_scale
    if problem.network.activation.is_linear:
        total = sum((r.dot(r) for r in problem.data.affine_fit.residuals), Fraction(0))
        return scale * total, "the network computes affine functions only, and none does better than least squares"
    groups: dict[tuple[int, ...], list[int]] = {}
    for i in range(len(problem.data)):
        groups.setdefault(problem.data.inputs.integer_row(i), []).append(i)
    total = Fraction(0)
    for members in groups.values():
        if len(members) > 1:
            for k in range(problem.data.targets.columns):
                values = [problem.data.y[i][k] for i in members]
                mean = sum(values, Fraction(0)) / len(values)
                total += sum(((v - mean) ** 2 for v in values), Fraction(0))
    return scale * total, "no function of the inputs does better than the mean of the targets at every distinct input"


def has_small_landscape(problem: Problem, most: int = MAX_ORBITS) -> bool:
    """Whether a bound on the number of orbits of signed cells, from the numbers of samples and inputs alone, is at most `most`.

    Exactness: exact; the bound is that for samples in general position (Cover 1965; Zaslavsky 1975). Raises: nothing.

    >>> import exactsurf as es
    >>> has_small_landscape(es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    True
    """
    network, size = problem.network, len(problem.data)
    if network.layers != 2:
        return False
    dimension = network.widths[0] + network.biases[0]
    planes = size * len(network.activation.breakpoints)
    cells = sum(comb(planes, k) for k in range(dimension + 1))
    kinds, units = 2 * cells, network.widths[1]
    return comb(kinds + units - 1, units) <= most


def affine_fit_is_optimal(problem: Problem) -> str | None:
    """Why no parameters have a lower risk than the best affine model, or None if some do or it is not known.

    Parameters: `problem` with the squared loss. Exactness: exact; for small networks with one hidden layer and one output
    the verifier has accepted a certificate of the global minimum. Raises: nothing. Source: theory.md, theorem B.

    >>> import exactsurf as es
    >>> affine_fit_is_optimal(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [-1, 3, 5, 9])))
    'it is the global minimum of the network, certified by 3 dual vectors'
    """
    fitted = problem.risk_of(problem.data.affine_fit.predictions)
    floor, why = risk_floor(problem)
    if fitted <= floor:
        return why
    if not has_small_landscape(problem):
        return None
    try:
        found = certify_global_minimum(problem, max_steps=_MAX_STEPS)
    except (InputError, UnsupportedError):
        return None
    if not isinstance(found, GlobalMinimum) or found.risk < fitted:
        return None
    return f"it is the global minimum of the network, certified by {len(found.duals)} dual vectors"


def affine_fit_is_out_of_reach(problem: Problem) -> str | None:
    """Why no parameters have exactly the risk of the best affine model, although it is positive or zero; None if not known.

    Parameters: `problem` with the squared loss and a bias in the last layer. The outputs are affine images of the last hidden
    layer, and constant if no piece of the activation has a slope. Exactness: exact. Raises: nothing. Source: standard.

    >>> import exactsurf as es
    >>> plane = es.Data.from_arrays([[0, 0], [1, 0], [0, 1]], [[0, 0], [1, 0], [0, 1]])
    >>> affine_fit_is_out_of_reach(es.Problem(es.Network([2, 1, 2]), plane))
    'the affine fit is perfect and its targets span dimension 2, but outputs of 1 hidden unit lie on dimension 1'
    """
    fit, widths = problem.data.affine_fit, problem.network.widths
    first = problem.data.y[0]
    spread = rank([[value - origin for value, origin in zip(row, first, strict=True)] for row in problem.data.y])
    if len(widths) > 2 and not any(problem.network.activation.slopes):
        if any(any(row) for row in fit.slopes):
            return "the activation is constant, so the network is, and the best affine model is not"
        return None
    if len(widths) > 2 and fit.is_perfect and spread > widths[-2]:
        units = f"{widths[-2]} hidden unit" + ("s" if widths[-2] > 1 else "")
        return (
            f"the affine fit is perfect and its targets span dimension {spread}, "
            f"but outputs of {units} lie on dimension {widths[-2]}"
        )
    return None
