"""Whether all sublevel sets of a risk are connected, and above which level, read from the merge tree of its landscape."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.model.network import Network
from exactsurf.model.problem import Problem
from exactsurf.surface.paths import certify_spurious_valley
from exactsurf.surface.surface import Landscape, landscape
from exactsurf.theorems.arguments import check_problem
from exactsurf.theorems.constructions.risk_floor import has_small_landscape
from exactsurf.theorems.data_conditions import short

MAX_CELLS = 20_000


@dataclass(frozen=True)
class Connectivity:
    """How the sublevel sets of one landscape hang together.

    Attributes: `width` of the hidden layer; `least`, the least risk; `components`, in how many components the sublevel set at
    `least` falls; `valleys`, how many there are, copies by the order of the units included; `level`, above which every sublevel
    set is connected, None if some components never join. All are connected if `valleys` is 1.
    Exactness: exact. Source: theory.md, theorem B.
    """

    width: int
    least: Fraction
    components: int
    valleys: int
    level: Fraction | None

    @property
    def is_connected(self) -> bool:
        """Whether every sublevel set is connected."""
        return self.valleys == 1


def connectivity(land: Landscape) -> Connectivity:
    """How the sublevel sets hang together, from the merge tree.

    Parameters: `land`, a landscape. Exactness: exact. Raises: nothing. Source: theory.md, theorem B.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([1, -1], [1, 1])
    >>> networks = [es.Network([1, n, 1], es.leaky_relu("1/2"), biases=False) for n in (1, 2, 3)]
    >>> found = [connectivity(es.landscape(es.Problem(network, data))) for network in networks]
    >>> [(str(one.least), one.components, str(one.level), one.is_connected) for one in found]
    [('9/10', 2, '1', False), ('0', 2, '9/10', False), ('0', 1, '0', True)]
    """
    nodes = land.merges.nodes
    inner = {child for node in nodes for child in node.children}
    roots = [node for k, node in enumerate(nodes) if k not in inner]
    level = roots[0].level if len(roots) == 1 and roots[0].copies == 1 else None
    components = sum(valley.multiplicity for valley in land.valleys if valley.is_global)
    count = sum(valley.multiplicity for valley in land.valleys)
    return Connectivity(land.problem.network.widths[1], land.global_minimum.risk, components, count, level)


def connectivity_by_width(problem: Problem, widths: list[int], *, max_cells: int = MAX_CELLS) -> tuple[Connectivity, ...]:
    """How the sublevel sets hang together at each width of the hidden layer.

    Parameters: a `problem` with one hidden layer, whose width is replaced; `widths`; `max_cells` as for `landscape`.
    Exactness: exact. Raises: as `landscape`. Source: theory.md, theorem B.
    """
    check_problem(problem)
    problem.check_no_decay()
    network, found = problem.network, []
    for width in widths:
        other = Network([network.widths[0], width, network.widths[-1]], network.activation, biases=network.biases)
        wide = Problem(other, problem.data, problem.loss)
        found.append(connectivity(landscape(wide, workers=1, max_cells=max_cells)))
    return tuple(found)


def connected_sublevel_sets(problem: Problem) -> Verdict:
    """Whether every sublevel set is connected, where the landscape is small; a spurious valley refutes with its certificate.

    Parameters: `problem` with one hidden piecewise linear layer and one output. Exactness: exact, by the merge tree.
    Raises: nothing; other problems are undecided. Source: theory.md, theorem B.
    """
    if not has_small_landscape(problem):
        return Verdict(Status.UNDECIDED, "the landscape may be large; ask connection_level(problem)")
    try:
        land = landscape(problem, workers=1, max_cells=MAX_CELLS)
    except (UnsupportedError, InputError) as error:
        return Verdict(Status.UNDECIDED, str(error))
    found = connectivity(land)
    if found.is_connected:
        return Verdict(Status.PROVED, "every sublevel set is connected: the merge tree has one leaf")
    end = "some never join" if found.level is None else f"the last two join at {short(found.level)}"
    reason = f"{found.valleys} valleys, each a component of some sublevel set; {end}"
    spurious = next((valley for valley in land.valleys if valley.is_spurious and valley.is_attained), None)
    if spurious is not None and spurious.parameters is not None:
        with suppress(UnsupportedError, InputError):
            certificate = certify_spurious_valley(land, spurious.parameters)
            return Verdict(Status.REFUTED, reason, certificate, land.global_minimum.parameters, spurious.risk)
    return Verdict(Status.REFUTED, reason)
