"""The polar condition with weight decay: the slopes at a point as a dual vector that bounds the risk by that of the point."""

from __future__ import annotations

from exactsurf.cells.unit_cells import enumerate_unit_cells
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.all_cells import ListedCell
from exactsurf.certificate.claims.near_global_minimum import NearGlobalMinimum
from exactsurf.exact.number import near
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.levels.atoms import atom_table
from exactsurf.surface.levels.level import level_setting
from exactsurf.surface.levels.short_duals import bounding_dual
from exactsurf.surface.unit_table import unit_table


def polar_certificate(problem: Problem, parameters: Parameters) -> NearGlobalMinimum | NotProved:
    """The certificate that no parameters have a lower risk, by the slopes r of the loss at the point; or what is in its way.

    It asks that |Σ_i r_i h(w·x̃_i)| ≤ λ|w′| for every w, and that the bound of r is the risk of the point: then the point is a
    global minimum, also of all wider networks. Conversely a local minimum at which a unit is zero passes.
    Parameters: `problem` with weight decay, one hidden layer and one output; `parameters`. Exactness: exact.
    Raises: `UnsupportedError` as `atom_table` and `loss_terms`; `ShapeError`.
    Source: Haeffele and Vidal 2017; proofs/haeffele_2017.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 1], biases=False), es.Data.from_arrays([1, -1], [2, 0]), weight_decay=1)
    >>> polar_certificate(problem, problem.parameters(W1=[[1], [0]], W2=[[1, 0]])).bound
    Fraction(3, 2)
    """
    table = unit_table(problem)
    atoms = atom_table(problem, table)
    if table.lineality:
        return NotProved("the inputs do not span their space, and certificates need that")
    setting = level_setting(problem, atoms)
    plain = problem.without_decay
    slopes = plain.subdifferentials(plain.forward(parameters).outputs)[0][0].fractions()
    risk, bound = problem.rational_risk(parameters), setting.bound(slopes)
    dear = setting.holding(slopes)
    if dear != atoms.every:
        return NotProved("|Σ r_i h(w·x̃_i)| > λ|w| for some w")
    if bound != risk:
        told = "nothing" if bound is None else f"the risk by {near(bound, 6)} only"
        return NotProved(f"the slopes of the loss bound {told}")
    cells = tuple(ListedCell(cell.pieces, cell.witness) for cell in enumerate_unit_cells(problem))
    return confirmed(NearGlobalMinimum(problem, risk, cells, (bounding_dual(setting, slopes, dear),), parameters))
