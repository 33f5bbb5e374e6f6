"""Nguyen, "A Note on Connectivity of Sublevel Sets in Deep Learning", 2021: N + 1 units connect them, N need not."""

from __future__ import annotations

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.model.activation import leaky_relu
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.constructions.connected_sublevel_sets import connected_sublevel_sets, connectivity_by_width
from exactsurf.theorems.data_conditions import distinct_inputs
from exactsurf.theorems.hypotheses import ONE_HIDDEN_LAYER, ONE_OUTPUT
from exactsurf.theorems.network_conditions import hidden_layers, one_output
from exactsurf.theorems.references import NGUYEN_2021
from exactsurf.theorems.theorem import Check, Hypothesis, SharpnessExample, Theorem

__all__ = ["connected_sublevel_sets", "connectivity_by_width", "one_more_than_samples"]


def _wide(problem: Problem) -> Check:
    width, size = problem.network.widths[1], len(problem.data)
    return width > size, f"{width} units, {size} samples", (width, size)


def _increasing(problem: Problem) -> Check:
    """All slopes are positive, and they are not all the same."""
    h = problem.network.activation
    if h.is_smooth:
        return None, f"{h!r} is smooth", ()
    flat = next((slope for slope in h.slopes if slope <= 0), None)
    if flat is not None:
        return False, f"a piece of the activation has the slope {flat}", (flat,)
    return len({*h.slopes}) > 1, f"the slopes are {', '.join(map(str, h.slopes))}", tuple(h.slopes)


def _convex(problem: Problem) -> Check:
    return problem.loss.is_convex, f"the loss is {problem.loss!r}", (problem.loss,)


def _conclude(problem: Problem, _: Parameters | None, __: Parameters | None) -> Verdict:
    if not hidden_layers(1, 1)(problem)[0] or not one_output(problem)[0]:
        return Verdict(Status.UNDECIDED, "sublevel sets are decided for one hidden layer and one output")
    return connected_sublevel_sets(problem)


def _examples() -> tuple[SharpnessExample, ...]:
    network = Network([1, 2, 1], leaky_relu("1/2"), biases=False)
    problem = Problem(network, Data.from_arrays([1, -1], [1, 1]))
    return (SharpnessExample("width", "two units for two samples: two components at risk 0, joined at 9/10", problem),)


one_more_than_samples = Theorem(
    key="nguyen_2021.one_more_than_samples",
    title="One hidden layer with more units than samples has connected sublevel sets",
    statement=(
        r"Let the inputs be distinct, the loss convex, and the activation strictly increasing onto $\mathbb{R}$ and not affine. "
        r"With $N + 1$ units or more in the hidden layer, $N$ the number of samples, every sublevel set of the risk is "
        r"connected; with $N$ units it may be disconnected."
    ),
    reference=NGUYEN_2021,
    hypotheses=(
        ONE_HIDDEN_LAYER,
        ONE_OUTPUT,
        Hypothesis("loss", "a convex loss", _convex),
        Hypothesis("inputs", "all inputs are distinct", distinct_inputs),
        Hypothesis("activation", "strictly increasing, and not affine", _increasing),
        Hypothesis("width", "more units than samples", _wide),
    ),
    construct=connectivity_by_width,
    conclude=_conclude,
    examples=_examples,
    without_example=(
        ("loss", "landscapes are those of convex losses"),
        ("inputs", "none is known: samples given twice are fitted by fewer units, and only their number counts"),
        ("activation", "none is known: no ReLU instance with N + 1 units was found disconnected"),
    ),
    remarks=(
        "The abstract was read; its result is for deep networks with one wide layer, and the hypotheses on activation and data "
        "are recalled from Nguyen 2019. Decided by the merge tree, for one hidden piecewise linear layer and one output; a "
        "component is counted with the copies that the order of the units makes. construct gives the connectivity by width."
    ),
)
