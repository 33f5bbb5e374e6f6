"""Freeman and Bruna, "Topology and Geometry of Half-Rectified Network Optimization", ICLR 2017: connected sublevel sets."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.certificate.verdict import Verdict
from exactsurf.model.activation import linear
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.surface import landscape
from exactsurf.theorems.arguments import check_problem
from exactsurf.theorems.constructions.connected_sublevel_sets import MAX_CELLS, connected_sublevel_sets, connectivity
from exactsurf.theorems.constructions.linear_sublevel_sets import linear_sublevel_sets
from exactsurf.theorems.hypotheses import SOME_HIDDEN_LAYER, SQUARED_LOSS
from exactsurf.theorems.network_conditions import linear_network, squared_loss
from exactsurf.theorems.references import FREEMAN_2017
from exactsurf.theorems.theorem import Check, Hypothesis, SharpnessExample, Theorem


def connection_level(problem: Problem, *, max_cells: int = MAX_CELLS) -> Fraction | None:
    """The least ε such that any two points of risk ≤ λ are connected by a path of risk ≤ max(λ, ε), for every λ.

    It is the level of the merge tree's root, where the last two components of sublevel sets join.
    Parameters: as for `landscape`. Returns: None if some components never join. Exactness: exact.
    Raises: as `landscape`. Source: theory.md, theorem B; papers.md, A5 (Freeman and Bruna).

    >>> import exactsurf as es
    >>> str(connection_level(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))))
    '11/8'
    """
    check_problem(problem)
    return connectivity(landscape(problem, workers=1, max_cells=max_cells)).level


def _wide(problem: Problem) -> Check:
    widths = problem.network.widths
    least, needed = min(widths[1:-1], default=0), min(widths[0], widths[-1])
    return least > needed, f"the least hidden width is {least}, min(d_x, d_y) = {needed}", (least, needed)


def _biases(problem: Problem) -> Check:
    flags = problem.network.biases
    if flags[-1] or not any(flags):
        return True, "the output layer has a bias" if flags[-1] else "no biases", (flags,)
    return False, f"layer {flags.index(True) + 1} has a bias and the output layer has none", (flags,)


def _conclude(problem: Problem, _: Parameters | None, __: Parameters | None) -> Verdict:
    """REFUTED where some sublevel set has several components; one level that is connected is not all of them."""
    if linear_network(problem)[0] and problem.network.layers > 1 and _biases(problem)[0] and squared_loss(problem)[0]:
        return linear_sublevel_sets(problem)
    return connected_sublevel_sets(problem)


def _examples() -> tuple[SharpnessExample, ...]:
    bent, one = Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]), Data.from_arrays([1], [1])
    chain, relu_network = Network([1, 1, 1], linear, biases=False), Network([1, 2, 1])
    return (
        SharpnessExample("linear", "ReLU: spurious valleys", Problem(relu_network, bent)),
        SharpnessExample("widths", "one unit: w₂w₁ = 1 is a hyperbola with two branches", Problem(chain, one)),
    )


level_sets = Theorem(
    key="freeman_2017.level_sets",
    title="Wide deep linear networks have connected sublevel sets; ReLU networks above some level",
    statement=(
        r"If all hidden layers of a deep linear network are wider than $\min(d_x, d_y)$, all sublevel sets of the squared risk "
        r"are connected. For one hidden ReLU layer any two points are connected below $\max(\lambda, \varepsilon)$, where "
        r"$\varepsilon$ falls with the width."
    ),
    reference=FREEMAN_2017,
    hypotheses=(
        SOME_HIDDEN_LAYER,
        SQUARED_LOSS,
        Hypothesis("linear", "the activation is linear, h(z) = z", linear_network),
        Hypothesis("biases", "no biases, or one of the output layer", _biases, setting=True),
        Hypothesis("widths", "every hidden layer is wider than min(d_x, d_y)", _wide),
    ),
    construct=connection_level,
    conclude=_conclude,
    examples=_examples,
    remarks=(
        "Recalled, not read. construct computes the exact ε of an instance with one hidden piecewise linear layer and one output "
        "from the landscape; how ε falls with the width is a statement about distributions and is not decided. For linear "
        "networks whose hidden layers are at least as wide as min(d_x, d_y) all levels are decided by ranks; narrower ones "
        "are not. No regulariser is considered."
    ),
)
