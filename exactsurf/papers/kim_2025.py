"""Kim, Mishkin and Pilanci, "Exploring the Loss Landscape of Regularized Neural Networks via Convex Duality", ICLR 2025."""

from __future__ import annotations

from functools import lru_cache

from exactsurf.cells.unit_cells import enumerate_unit_cells
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.all_cells import ListedCell
from exactsurf.certificate.claims.near_global_minimum import NearGlobalMinimum
from exactsurf.certificate.encoding import counted
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.levels.atoms import atom_table
from exactsurf.surface.levels.level import level_setting
from exactsurf.surface.levels.optimal_set import OptimalSet, optimal_set
from exactsurf.surface.levels.short_duals import bounding_dual
from exactsurf.surface.unit_table import unit_table
from exactsurf.theorems.data_conditions import short
from exactsurf.theorems.hypotheses import HOMOGENEOUS, NO_OUTPUT_BIAS, ONE_HIDDEN_LAYER, REGULARISED, STRICTLY_CONVEX_LOSS
from exactsurf.theorems.network_conditions import (
    everything_is_penalised,
    hidden_layers,
    homogeneous,
    no_output_bias,
    one_output,
    strictly_convex_loss,
)
from exactsurf.theorems.outcome import nothing_claimed
from exactsurf.theorems.references import KIM_2025
from exactsurf.theorems.theorem import Check, Hypothesis, SharpnessExample, Theorem

_known = lru_cache(maxsize=8)(optimal_set)


def _active(problem: Problem) -> Check:
    found = _known(problem)
    if not found.greatest_width:
        return False, f"the zero network has the least risk, {short(found.risk)}", (found,)
    return True, f"m* = {found.least_width}, M* = {found.greatest_width}, least risk {short(found.risk)}", (found,)


def _wide(problem: Problem) -> Check:
    found, width = _known(problem), problem.network.widths[1]
    return width >= found.least_width, f"{counted(width, 'unit')}, m* = {found.least_width}", (width, found.least_width)


def _conclude(problem: Problem, parameters: Parameters | None, other: Parameters | None) -> Verdict:
    for check in (hidden_layers(1, 1), one_output, homogeneous, everything_is_penalised, no_output_bias, strictly_convex_loss):
        holds, witness, _ = check(problem)
        if not holds:
            return Verdict(Status.UNDECIDED, witness)
    found, width = _known(problem), problem.network.widths[1]
    few, many = found.least_width, found.greatest_width
    if width < few:
        return nothing_claimed(Verdict(Status.PROVED, ""), f"nothing is claimed about fewer units than m* = {few}")
    components, isolated, finite = found.components(width), found.isolated(width), found.is_finite(width)
    connected_from = min(few + many, len(problem.data) + 1)
    broken = [
        name
        for name, is_claimed, holds in (
            ("finitely many at m*", width == few, finite),
            ("a continuum from m* + 1 on", width > few, not finite),
            ("an isolated optimum at M*", width == many, isolated > 0),
            ("no isolated optimum from M* + 1 on", width > many, not isolated),
            (f"connected from {connected_from} on", width >= connected_from, components == 1),
        )
        if is_claimed and not holds
    ]
    kind = "finitely many optima" if finite else "a continuum of optima"
    told = f"{kind} in {counted(components, 'connected component')}, {isolated} of them isolated (m* = {few}, M* = {many})"
    told = f"with {counted(width, 'unit')} {told}"
    proof = _certificate(found)
    if proof is None:
        return Verdict(Status.UNDECIDED, f"{told}; but no certificate: the inputs do not span their space", risk=found.risk)
    if broken:
        return Verdict(Status.REFUTED, f"{told}: not {', '.join(broken)}", proof, risk=proof.risk)
    return Verdict(Status.PROVED, told, proof, risk=proof.risk)


def _certificate(found: OptimalSet) -> NearGlobalMinimum | None:
    """The certificate of the least risk, with a network of the width of the problem that has it, or nearly."""
    problem = found.problem
    table = unit_table(problem)
    if table.lineality:
        return None
    setting = level_setting(problem, atom_table(problem, table))
    dual = bounding_dual(setting, found.gradient, setting.atoms.every)
    cells = tuple(ListedCell(cell.pieces, cell.witness) for cell in enumerate_unit_cells(problem))
    return confirmed(NearGlobalMinimum(problem, found.risk, cells, (dual,), found.network(problem.network.widths[1])))


def _construct(problem: Problem) -> OptimalSet:
    """All optimal networks: their directions, the vertices of their polytope, and m* and M*; see `OptimalSet`."""
    return _known(problem)


def _examples() -> tuple[SharpnessExample, ...]:
    problem = Problem(Network([1, 1, 1], biases=False), Data.from_arrays([1], [1]), weight_decay=2)
    return (SharpnessExample("active", "no unit is worth its price: one isolated optimum at every width", problem),)


staircase = Theorem(
    key="kim_2025.staircase",
    title="The staircase of connectivity",
    statement=(
        r"Two-layer networks with ReLU and weight decay, a strictly convex loss. Let $m^*$ be the least number of units of an "
        r"optimal network and $M^*$ the greatest number of units of one whose units predict linearly independent vectors. The "
        r"set of optimal networks with $m$ units is finite for $m = m^*$; holds a continuum for $m \ge m^* + 1$; has an isolated "
        r"point for $m = M^*$ and none for $m \ge M^* + 1$; and is connected for $m \ge \min(m^* + M^*, N + 1)$."
    ),
    reference=KIM_2025,
    hypotheses=(
        ONE_HIDDEN_LAYER,
        Hypothesis("output", "one output", one_output, setting=True),
        NO_OUTPUT_BIAS,
        HOMOGENEOUS,
        REGULARISED,
        STRICTLY_CONVEX_LOSS,
        Hypothesis("active", "the zero network is not optimal", _active),
        Hypothesis("width", "at least m* units", _wide),
    ),
    construct=_construct,
    conclude=_conclude,
    without_example=(("width", "with fewer units than m* nothing is claimed"),),
    examples=_examples,
    remarks=(
        "Decided where the optimal predictions are short fractions: then the directions of optimal units and the vertices of the "
        "polytope of their amounts are exact, and the components are counted. The certificate is that of the least risk; the "
        "count has no claim of its own. Where the zero network is optimal it is the only one, and m* = M* = 0."
    ),
    has_decay=True,
)
