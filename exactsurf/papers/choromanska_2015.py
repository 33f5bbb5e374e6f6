"""Choromanska et al., "The Loss Surfaces of Multilayer Networks", AISTATS 2015: its assumptions, on given data and weights.

The paper replaces the active paths of a ReLU network by random ones. On a data set the paths are functions of the inputs, so
the assumptions can be asked of the uniform distribution on the samples; on all instances at least one of them fails.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product as choices
from math import prod

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.data_conditions import short
from exactsurf.theorems.hypotheses import NO_BIASES, RELU, SOME_HIDDEN_LAYER
from exactsurf.theorems.references import CHOROMANSKA_2015
from exactsurf.theorems.theorem import Check, PointHypothesis, Theorem

_MAX_PATHS = 5_000


def active_paths(problem: Problem, parameters: Parameters) -> dict[tuple[int, ...], tuple[bool, ...]] | None:
    """For every path of hidden units (one a layer) on which samples all of its units are active; None for too many paths.

    Parameters: a ReLU `problem`. Exactness: exact. Raises: `ShapeError`. Source: papers.md, A5 (the path model).

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 1], biases=False), es.Data.from_arrays([-1, 1], [0, 1]))
    >>> active_paths(problem, problem.parameters(W1=[[1], [-1]], W2=[[1, 1]]))
    {(0,): (False, True), (1,): (True, False)}
    """
    widths = problem.network.widths[1:-1]
    if prod(widths) > _MAX_PATHS:
        return None
    layers = problem.forward(parameters).pre_activations
    found = {}
    for path in choices(*map(range, widths)):
        signs = [layers[depth][unit].numerators for depth, unit in enumerate(path)]
        found[path] = tuple(all(row[i] > 0 for row in signs) for i in range(len(problem.data)))
    return found


def same_probability(problem: Problem, parameters: Parameters) -> Check:
    """Every path is active on the same share ρ of the samples, 0 < ρ < 1."""
    paths = active_paths(problem, parameters)
    if paths is None:
        return None, f"more than {_MAX_PATHS} paths", ()
    shares = {path: Fraction(sum(flags), len(flags)) for path, flags in paths.items()}
    (first, share), *rest = shares.items()
    for path, other in rest:
        if other != share:
            return False, f"path {first} is active on {short(share)} of the samples, path {path} on {short(other)}", (first, path)
    return 0 < share < 1, f"every path is active on {short(share)} of the samples", (share,)


def independent_of_inputs(problem: Problem, parameters: Parameters) -> Check:
    """Which paths are active does not depend on the sample: each is active on all distinct inputs, or on none."""
    paths = active_paths(problem, parameters)
    if paths is None:
        return None, f"more than {_MAX_PATHS} paths", ()
    for path, flags in paths.items():
        if any(flags) and not all(flags):
            on, off = flags.index(True), flags.index(False)
            return False, f"path {path} is active on sample {on} and not on sample {off}", (path, on, off)
    return True, "every path is active on all samples, or on none", ()


def on_the_sphere(problem: Problem, parameters: Parameters) -> Check:
    """The mean of the squares of all weights is some constant C > 0 (at one point: the weights are not all 0)."""
    entries = [value for matrix in parameters.weights for row in matrix for value in row]
    mean = sum((value**2 for value in entries), Fraction(0)) / len(entries)
    return mean > 0, f"the mean square of the weights is {short(mean)}", (mean,)


def _conclude(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    return Verdict(
        Status.UNDECIDED,
        "the conclusion is a limit of expectations over random networks and says nothing about one data set",
    )


spin_glass = Theorem(
    key="choromanska_2015.spin_glass",
    title="ReLU networks as spherical spin glasses: the assumptions on an instance",
    statement=(
        r"If paths are active independently of the inputs, as Bernoulli variables with one parameter $\rho$, the inputs are "
        r"independent normal variables and the weights are uniformly redundant on a sphere, the loss is that of an $H$-spin "
        r"spherical spin glass, whose expected numbers of critical points are known in the limit."
    ),
    reference=CHOROMANSKA_2015,
    hypotheses=(
        SOME_HIDDEN_LAYER,
        RELU,
        NO_BIASES,
        PointHypothesis("same ρ", "every path is active with the same probability ρ, 0 < ρ < 1", same_probability),
        PointHypothesis("independence", "which paths are active is independent of the inputs", independent_of_inputs),
        PointHypothesis("sphere", "the mean square of the weights is some C > 0", on_the_sphere),
    ),
    conclude=_conclude,
    without_example=(
        ("same ρ", "the conclusion is a limit in law; the three hypotheses cannot hold together"),
        (
            "independence",
            "the conclusion is a limit in law; the three hypotheses cannot hold together",
        ),
        ("sphere", "the conclusion is a limit in law; the three hypotheses cannot hold together"),
    ),
    remarks=(
        "Checked on the uniform distribution on the samples. 'Independence' makes every share 0 or 1, 'same ρ' forbids both: on "
        "no data set and at no point do the two hold together, and the witness says which fails. The same holds for A1p-m and "
        "A5u-m of kawaguchi_2016. Normal inputs and redundancy are about distributions and are not checked."
    ),
)
