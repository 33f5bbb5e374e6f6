"""The unitwise criterion for several outputs: it proves local minima of one hidden layer, unit by unit (theory.md, section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from exactsurf.arrangement.least_count import count_up_to
from exactsurf.certificate.rules.unitwise import Split
from exactsurf.certificate.rules.unitwise_vectors import UnitwiseVectors, VectorLeaf, VectorNode
from exactsurf.effort import Effort
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system
from exactsurf.exact.linear_algebra import Matrix, Vector, combination
from exactsurf.exact.scaled_vector import ScaledVector
from exactsurf.minima.local.cone_tree import flat_leaf
from exactsurf.minima.local.local_form import Hyperplane, local_form
from exactsurf.minima.local.subgradient_choice import propose_subgradients
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.rule import Answer, Proved, Rule
from exactsurf.model.point import Point

_ZERO = Fraction(0)


def prove_unitwise_vectors(point: Point, r: Sequence[ScaledVector], *, effort: Effort) -> UnitwiseVectors | None:
    """A proof of local minimality by the frozen risks of the units, or None: then nothing is said.

    Parameters: a `point` of a network with one hidden layer; `r`, the derivatives of its loss by output, or subgradients at
    its kinks (see `propose_subgradients`); `effort`, whose `fan` bounds the cones of one unit.
    Exactness: exact. With Φ_j(w) = Σ_i r_i h(w·x̃_i), a vector, and G_j its
    derivative on a cone, the proof is found whenever on all generators ρ of all cones v_j·G_j ρ > 0 or G_j ρ = 0.
    Raises: `OutOfTime`. Source: theory.md, section 3; proofs/rules/unitwise_vectors.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([-1, 0, 1, 2], [[1, 5], [-2, -6], [3, 2], [1, -1]])
    >>> problem = es.Problem(es.Network([1, 1, 2]), data)
    >>> theta = problem.parameters(W1=[[1]], b1=[0], W2=[[1], [0]], b2=[0, 0])
    >>> point = Point(problem, theta)
    >>> r = [low for low, _ in point.subdifferentials]
    >>> len(prove_unitwise_vectors(point, r, effort=es.Effort()).units[0])
    3
    """
    problem, forward = point.problem, point.forward
    if problem.network.biases[1] and any(values.sum() for values in r):
        return None
    if any(column.dot(values) for values in forward.activations[0] for column in r):
        return None
    units = []
    for j, z in enumerate(forward.pre_activations[0]):
        forms = [local_form(problem, z, column) for column in r]
        normals = {h.name: h.normal for form in forms for h in form.hyperplanes}
        kinks = {name: tuple(_kink(form.hyperplanes, name) for form in forms) for name in normals}
        weights = tuple(row[j] for row in point.parameters.weights[1])
        if normals and count_up_to(list(normals.values()), effort.fan, effort) > effort.fan:
            return None
        nodes = _tree([form.gradient for form in forms], normals, kinks, weights, effort)
        if nodes is None:
            return None
        units.append(nodes)
    return UnitwiseVectors(tuple(units))


def _kink(planes: Sequence[Hyperplane], name: int) -> Fraction:
    return next((h.kink for h in planes if h.name == name), _ZERO)


def _tree(
    gradients: Sequence[Vector], normals: dict[int, Vector], kinks: dict[int, Vector], weights: Vector, effort: Effort
) -> tuple[VectorNode, ...] | None:
    names = list(normals)
    nodes: list[VectorNode | None] = [None]
    pending: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    while pending:
        effort.check()
        index, signs = pending.pop()
        split = list(zip(names, signs, strict=False))
        empty = flat_leaf([(name, normals[name], sign) for name, sign in split]) if len(split) > 1 else None
        if empty is None and len(split) < len(names):
            nodes[index] = Split(names[len(split)], len(nodes), len(nodes) + 1)
            pending += [(len(nodes) + 1, (*signs, -1)), (len(nodes), (*signs, 1))]
            nodes += [None, None]
            continue
        leaf = empty or _leaf(gradients, normals, kinks, weights, dict(split))
        if leaf is None:
            return None
        nodes[index] = leaf
    return tuple(node for node in nodes if node is not None)


def _leaf(
    gradients: Sequence[Vector], normals: dict[int, Vector], kinks: dict[int, Vector], weights: Vector, signs: dict[int, int]
) -> VectorLeaf | None:
    """Multipliers a_C of every output with Σ_C a_C τ_C u_C = G, each of them 0 or positive along the output weights."""
    rays = {name: tuple(sign * value for value in normals[name]) for name, sign in signs.items()}
    slopes = [
        tuple(sum((kinks[name][k] * rays[name][c] for name in rays), g) for c, g in enumerate(gradient))
        for k, gradient in enumerate(gradients)
    ]
    along = combination(weights, slopes)
    amounts = _fullest(list(rays.values()), along)
    if amounts is None:
        return None
    support = [name for name, amount in zip(rays, amounts, strict=True) if amount]
    columns = _components([rays[name] for name in support], slopes, weights, [amount for amount in amounts if amount])
    if columns is None:
        return None
    found = dict(zip(support, zip(*columns, strict=True), strict=True)) if support else {}
    multipliers = []
    for name, sign in signs.items():
        own = found.get(name, (_ZERO,) * len(weights))
        mu = tuple(sign * (a - kink) for a, kink in zip(own, kinks[name], strict=True))
        if any(mu):
            multipliers.append((name, mu))
    return VectorLeaf(tuple(multipliers))


def _fullest(rays: Sequence[Vector], target: Vector) -> Vector | None:
    """Σ λ ray = target with λ ≥ 0 and as many λ > 0 as possible, or None."""
    if not rays:
        return None if any(target) else ()
    answer = solve_bounded_system(rays, target, [_ZERO] * len(rays), [None] * len(rays))
    if isinstance(answer, FarkasVector):
        return None
    best = answer.values
    homogeneous, none = [*rays, tuple(-value for value in target)], (_ZERO,) * len(target)
    for position in range(len(rays)):
        if not best[position]:
            lower: list[Fraction | None] = [Fraction(int(p == position)) for p in range(len(homogeneous))]
            more = solve_bounded_system(homogeneous, none, lower, [None] * len(homogeneous))
            if not isinstance(more, FarkasVector):
                factor = 1 / (1 + more.values[-1])
                best = tuple(factor * (a + b) for a, b in zip(best, more.values, strict=False))
    return best


def _components(rays: Sequence[Vector], slopes: Sequence[Vector], weights: Vector, amounts: Sequence[Fraction]) -> Matrix | None:
    """[output][ray]: a with Σ a ray = slope for every output, and the given amounts along the output weights."""
    if not rays:
        return None if any(map(any, slopes)) else tuple(() for _ in slopes)
    # One output with a weight takes what the amounts leave; its equation follows from the others.
    last = next(k for k, weight in enumerate(weights) if weight)
    columns: dict[int, Vector] = {}
    for k, slope in enumerate(slopes):
        if k != last:
            answer = solve_bounded_system(rays, slope, [None] * len(rays), [None] * len(rays))
            if isinstance(answer, FarkasVector):
                return None
            columns[k] = answer.values
    left = (
        (amount - sum((weights[k] * column[p] for k, column in columns.items()), _ZERO)) / weights[last]
        for p, amount in enumerate(amounts)
    )
    columns[last] = tuple(left)
    return tuple(columns[k] for k in range(len(slopes)))


def _not_one_layer(point: Point) -> str:
    layers = point.problem.network.layers
    return "" if layers == 2 else f"the unitwise criterion needs one hidden layer (here {layers - 1})"


def ask(point: Point, effort: Effort) -> Answer:
    """`prove_unitwise_vectors` as a rule; at kinks of the loss with subgradients that are chosen for it.

    Exactness: exact. Raises: `OutOfTime`. Source: theory.md, section 3; proofs/rules/unitwise_vectors.md.
    """
    reason = "every unit passes the unitwise criterion for several outputs"
    if point.kink is None:
        evidence = prove_unitwise_vectors(point, [low for low, _ in point.subdifferentials], effort=effort)
        return Proved(evidence, reason) if evidence is not None else NotProved("a unit does not pass the unitwise criterion")
    for chosen in propose_subgradients(point, effort=effort):
        evidence = prove_unitwise_vectors(point, chosen, effort=effort)
        if evidence is not None:
            rows = tuple(zip(*(values.fractions() for values in chosen), strict=True))
            return Proved(replace(evidence, subgradient=rows), reason)
    return NotProved("no subgradients were found with which every unit passes the unitwise criterion")


RULE = Rule("unitwise vectors", ask, _not_one_layer, share=Fraction(1, 2))
