"""Grigsby, Lindsey and Rolnick, "Hidden Symmetries of ReLU Networks", ICML 2023: parameters without hidden symmetries."""

from __future__ import annotations

import random

from exactsurf.cells.inputs.functional_dimension import FunctionalDimension, functional_dimension
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.effort import Effort, OutOfTime
from exactsurf.errors import UnsupportedError
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters, parameters_from
from exactsurf.model.problem import Problem
from exactsurf.papers.grigsby_2022 import EFFORT, rescalable
from exactsurf.theorems.network_conditions import hidden_layers
from exactsurf.theorems.references import GRIGSBY_2023
from exactsurf.theorems.theorem import Check, Hypothesis, Theorem

__all__ = ["no_hidden_symmetries", "relu_like", "without_hidden_symmetries"]

_TRIES = 200
_LARGEST = 9


def without_hidden_symmetries(problem: Problem, *, seed: int = 0, effort: Effort = EFFORT) -> FunctionalDimension:
    """Parameters at which the functional dimension is the bound: no directions but those of rescaled units leave f as it is.

    Parameters: `problem`, of which only the network counts; `seed` of the small integers that are tried; `effort`.
    Returns: the functional dimension, with the parameters in its certificate.
    Exactness: exact. Raises: `UnsupportedError` if none of 200 points has it, `OutOfTime`. Source: papers.md, section 5.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([2, 3, 2, 1]), es.Data.from_arrays([[0, 0]], [0]))
    >>> es.papers.grigsby_2023.no_hidden_symmetries.construct(problem)
    FunctionalDimension(15 of 20, at most 15)
    """
    running, source = effort.started(), random.Random(seed)
    best: FunctionalDimension | None = None
    for _ in range(_TRIES):
        found = functional_dimension(problem.network, _point(problem.network, source), effort=running)
        if not found.hidden_symmetries:
            return found
        best = found if best is None or found.dimension > best.dimension else best
    raise UnsupportedError(f"of {_TRIES} points the best one has {best!r}", "take another seed")


def _point(network: Network, source: random.Random) -> Parameters:
    values = {
        name: [source.randint(-_LARGEST, _LARGEST) for _ in range(shape[0])]
        if len(shape) == 1
        else [[source.randint(-_LARGEST, _LARGEST) for _ in range(shape[1])] for _ in range(shape[0])]
        for name, shape in network.shapes.items()
    }
    return parameters_from(network, **values)


def _wide(problem: Problem) -> Check:
    widths = problem.network.widths
    narrow = next((layer for layer, width in enumerate(widths[1:-1], start=1) if width < widths[0]), None)
    if narrow is None:
        return True, f"no hidden layer has less than {widths[0]} units", ()
    return False, f"layer {narrow} has {widths[narrow]} units for {widths[0]} inputs", (narrow,)


def _biased(problem: Problem) -> Check:
    missing = [layer for layer, bias in enumerate(problem.network.biases, start=1) if not bias]
    return not missing, f"layer {missing[0]} has none" if missing else "all layers have them", tuple(missing)


def relu_like(problem: Problem) -> Check:
    """h(cz) = c h(z) for c > 0, and h is not linear."""
    if problem.network.activation.is_linear:
        return False, "the activation is linear", ()
    return rescalable(problem)


def _conclude(problem: Problem, _: Parameters | None, __: Parameters | None) -> Verdict:
    try:
        found = without_hidden_symmetries(problem)
    except OutOfTime as error:
        return Verdict(Status.UNDECIDED, str(error))
    point = found.certificate.parameters
    return Verdict(Status.PROVED, f"at {point!r} the functional dimension is the bound, {found.dimension}", found.certificate)


no_hidden_symmetries = Theorem(
    key="grigsby_2023.no_hidden_symmetries",
    title="If no layer is narrower than the input, some parameters have no hidden symmetries",
    statement=(
        r"For a ReLU network none of whose hidden layers is narrower than the input there are parameters at which the "
        r"functional dimension is the number of parameters less the number of hidden units, so that all symmetries nearby "
        r"rescale units."
    ),
    reference=GRIGSBY_2023,
    hypotheses=(
        Hypothesis("depth", "one hidden layer or more", hidden_layers(1), setting=True),
        Hypothesis("activation", "positively homogeneous of degree 1, and not linear", relu_like, setting=True),
        Hypothesis("biases", "biases in all layers", _biased, setting=True),
        Hypothesis("widths", "no hidden layer narrower than the input", _wide),
    ),
    construct=without_hidden_symmetries,
    conclude=_conclude,
    without_example=(("widths", "none is known: that no parameters attain the bound is not decided here"),),
    remarks=(
        "The abstract was read; it says that no hidden symmetries exist, of which the dimension is the local part. PROVED by "
        "parameters that were found, never REFUTED. construct gives them."
    ),
)
