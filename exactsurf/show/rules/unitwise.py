"""The proof in words for certificates by the rule ``unitwise`` (proofs/rules/unitwise.md)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.certificate.reading.point_view import PointView
from exactsurf.certificate.rules.unitwise import EmptyLeaf, MultiplierLeaf, Node, Split, Unitwise
from exactsurf.exact.number import exact
from exactsurf.show.rules.frozen_risk import frozen_risk
from exactsurf.show.rules.sample_values import HyperplaneView, SampleValues
from exactsurf.show.text.arrays import MAX_COLUMNS, rounding_note, table, vector
from exactsurf.show.text.numeral import equals, named_samples, numeral
from exactsurf.show.text.prose import Block, Blocks, Display, Items, say

MAX_UNITS = 12
"""Most units that are treated one by one."""

MAX_HYPERPLANES = 12
"""Most hyperplanes of one unit that are listed."""

MAX_LEAVES = 8
"""Most cones of one unit that are listed."""


def proof(evidence: Unitwise, view: PointView, values: SampleValues | None) -> Blocks:
    """Why the point is a local minimum: no unit can lower the frozen risk by moving.

    Parameters: `evidence` of the certificate in `view`; `values` of the samples if they were recomputed.
    Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 4.2; proofs/rules/unitwise.md.
    """
    blocks = [*frozen_risk(view, values), *_reduction(view), *_local_form()]
    weights = [exact(text) for text in next(a for a in view.parameters if a.name == "W2").rows[0]]
    shown = range(min(len(weights), MAX_UNITS))
    for j in shown:
        blocks += _unit(view, values, evidence.units[j], j, weights[j])
    if len(weights) > len(shown):
        rest = len(weights) - len(shown)
        trees = [nodes for nodes in evidence.units[len(shown) :] if nodes]
        cones = sum(isinstance(node, MultiplierLeaf) for nodes in trees for node in nodes)
        blocks.append(
            say(
                f"The other {rest} units are treated in the same way: {rest - len(trees)} have output weight $0$ and $F_j = "
                f"0$; for the others the evidence in the certificate covers the space of $δ$ by {cones} cones in all, with "
                "multipliers for each."
            )
        )
    blocks.append(say("So every term of the sum above is $≥ 0$ near $θ$, and $L(θ′) ≥ L(θ)$ there: $θ$ is a local minimum."))
    return tuple(blocks)


def _reduction(view: PointView) -> Blocks:
    extended = "$x̃_i = (x_i, 1)$" if view.biases[0] else "$x̃_i = x_i$"
    row = "row $j$ of $W_1$" + (" followed by entry $j$ of $b_1$" if view.biases[0] else "")
    bias = ", $b$ for the bias $b_2$" if view.biases[1] else ""
    out = "(b′ − b) Σ_i r_i + " if view.biases[1] else ""
    sums = "$Σ_i r_i = 0$ and " if view.biases[1] else ""
    return (
        say(
            f"Write {extended}, $w_j$ for {row}, $v_j$ for entry $j$ of $W_2${bias}, and $φ_j(w) = Σ_i r_i h(w·x̃_i)$. The "
            "right side of the inequality is"
        ),
        Display(f"{out}Σ_j v′_j φ_j(w′_j) − Σ_j v_j φ_j(w_j)"),
        say(
            f"The certificate's numbers satisfy {sums}$φ_j(w_j) = 0$ for every unit $j$, exactly. What is left is $Σ_j v′_j "
            "φ_j(w′_j)$. Near $θ$, $v′_j$ has the sign of $v_j$ where $v_j ≠ 0$. So it is enough that, near $w_j$, $φ_j ≥ 0$ "
            "if $v_j > 0$, $φ_j ≤ 0$ if $v_j < 0$, and $φ_j = 0$ if $v_j = 0$."
        ),
    )


def _local_form() -> Blocks:
    return (
        say(
            "For small $ε$, $h(z + ε) = h(z) + (a⁻ + a⁺)/2·ε + (a⁺ − a⁻)/2·|ε|$ with the slopes $a⁻$, $a⁺$ of $h$ left and "
            "right of $z$; they differ only at breakpoints. Put $z = w_j·x̃_i$ and $ε = δ·x̃_i$, and collect the samples at a "
            "breakpoint whose $x̃_i$ are proportional: they share a hyperplane $u_m·δ = 0$ ($u_m$ is $x̃_i$ divided by its "
            "first non-zero entry). So for small $δ$"
        ),
        Display("φ_j(w_j + δ) = F_j(δ),  F_j(δ) = g·δ + Σ_m κ_m |u_m·δ|"),
        say(
            "with $g$ the sum of $r_i (a⁻ + a⁺)/2·x̃_i$ over all samples, and $κ_m$ the sum of $r_i (a⁺ − a⁻)/2$ times the "
            "modulus of that first entry over the samples of the hyperplane."
        ),
    )


def _unit(view: PointView, values: SampleValues | None, nodes: Sequence[Node], j: int, weight: Fraction) -> Blocks:
    name = f"Unit {j + 1}, $v_{{{j + 1}}} {'=' if not numeral(weight).startswith('≈') else ''} {numeral(weight)}$"
    if weight == 0:
        return (say(f"{name}: here $g = 0$ and every $κ_m = 0$, so $F_{{{j + 1}}} = 0$."),)
    s = "" if weight > 0 else "-"
    planes = None if values is None else values.hyperplanes(j)
    if planes == ():
        return (say(f"{name}: no sample is at a breakpoint, and $g = 0$, so $F_{{{j + 1}}} = 0$."),)
    if values is None or planes is None or len(planes) > MAX_HYPERPLANES or view.widths[0] >= MAX_COLUMNS:
        return _in_words(nodes, planes, name, s, j)
    g = values.gradient(j)
    leaves = [node for node in nodes if not isinstance(node, Split)]
    where = _numbers(planes)
    single = dict(leaves[0].multipliers) if len(leaves) == 1 else None
    header = ["m", "u_m", "κ_m", *(["μ_m"] if single is not None else [])]
    rows, numbers = [], list(g)
    for m, plane in enumerate(planes, start=1):
        mu = [] if single is None else [single.get(plane.samples[0], Fraction(0))]
        rows.append([str(m), vector(plane.normal), numeral(plane.kink), *map(numeral, mu)])
        numbers += [*plane.normal, plane.kink, *mu]
    samples = "; ".join(f"$m = {m}$: {named_samples(plane.samples)}" for m, plane in enumerate(planes, start=1))
    blocks: list[Block] = [
        say(f"{name}: $g = {vector(g)}$. Hyperplanes and their samples: {samples}."),
        *table(header, rows, numbers),
    ]
    if single is not None:
        blocks += _single_leaf(s, j, any(single.values()))
    else:
        blocks += _tree(nodes, where, s, j)
    return tuple(blocks)


def _single_leaf(s: str, j: int, multipliers: bool) -> Blocks:
    form = f"{s}F_{{{j + 1}}}(δ)"
    if not multipliers:
        return (say(f"Here $g = 0$ and ${s}κ_m ≥ 0$ for all $m$, so ${form} = Σ_m {s}κ_m |u_m·δ| ≥ 0$ for all $δ$."),)
    return (
        say(f"Here $Σ_m μ_m u_m = {s}g$ and $|μ_m| ≤ {s}κ_m$ for all $m$. So for all $δ$"),
        Display(f"{form} = Σ_m (μ_m u_m·δ {_plus(s)} |u_m·δ|) ≥ 0"),
    )


def _plus(s: str) -> str:
    return "− κ_m" if s else "+ κ_m"


def _tree(nodes: Sequence[Node], where: dict[int, int] | None, s: str, j: int) -> Blocks:
    """The cones of a tree; `where` numbers the hyperplanes if they were listed."""
    cones = _cones(nodes)
    split = sorted({name for _, signs in cones for name, _ in signs})
    proper = [cone for cone in cones if isinstance(cone[0], MultiplierLeaf)]
    flat = len(cones) - len(proper)
    which = "some hyperplanes" if where is None else f"$m = {', '.join(str(where[name]) for name in split)}$"
    text = f"The signs $τ_m$ of $u_m·δ$ for {which} cut the space of $δ$ into {len(cones)} closed cones, which cover it."
    if flat:
        text += (
            f" {flat} of them lie in a hyperplane, because $Σ_m λ_m τ_m u_m = 0$ with numbers $λ_m ≥ 0$ that are not all $0$; "
            "the others are closed and leave out nothing but parts of hyperplanes, so they cover the space alone."
        )
    text += (f" On each of the {len(proper)} other cones" if flat else " On each cone") + (
        f" there are numbers $μ_m$ with $Σ_m μ_m u_m = {s}g$, with $τ_m μ_m {_plus(s)} ≥ 0$ if $m$ was split on the way to the "
        f"cone, and $|μ_m| ≤ {s}κ_m$ if not. There"
    )
    blocks: list[Block] = [say(text), Display(f"{s}F_{{{j + 1}}}(δ) = Σ_m (μ_m u_m·δ {_plus(s)} |u_m·δ|) ≥ 0")]
    if where is not None and len(cones) <= MAX_LEAVES:
        blocks.append(say("The cones and their numbers (those that are not listed are $0$):"))
        blocks.append(Items(tuple((_cone(leaf, signs, where),) for leaf, signs in cones)))
        blocks += rounding_note(value for leaf, _ in cones for _, value in leaf.multipliers)
    else:
        blocks.append(say("The numbers of each cone stand in the certificate."))
    return tuple(blocks)


def _cone(leaf: MultiplierLeaf | EmptyLeaf, signs: tuple[tuple[int, int], ...], where: dict[int, int]) -> str:
    cone = ", ".join(f"$u_{{{where[name]}}}·δ {'≥' if sign > 0 else '≤'} 0$" for name, sign in signs)
    letter = "λ" if isinstance(leaf, EmptyLeaf) else "μ"
    pairs = sorted((where[name], value) for name, value in leaf.multipliers)
    numbers = ", ".join(f"${letter}_{{{m}}} {equals(value)}$" for m, value in pairs) or "no numbers are needed"
    return f"{cone}: {numbers}{' (in a hyperplane)' if isinstance(leaf, EmptyLeaf) else ''}."


def _cones(nodes: Sequence[Node]) -> list[tuple[MultiplierLeaf | EmptyLeaf, tuple[tuple[int, int], ...]]]:
    """The leaves from left to right, each with the signs on the way to it."""
    found = []
    walk: list[tuple[int, tuple[tuple[int, int], ...]]] = [(0, ())]
    while walk:
        index, signs = walk.pop()
        node = nodes[index]
        if isinstance(node, Split):
            walk.append((node.minus, (*signs, (node.hyperplane, -1))))
            walk.append((node.plus, (*signs, (node.hyperplane, 1))))
        else:
            found.append((node, signs))
    return found


def _in_words(nodes: Sequence[Node], planes: Sequence[HyperplaneView] | None, name: str, s: str, j: int) -> Blocks:
    """A unit with too many hyperplanes or columns to list, or whose hyperplanes were not recomputed."""
    leaves = [node for node in nodes if not isinstance(node, Split)]
    used = {node.hyperplane for node in nodes if isinstance(node, Split)} | {c for leaf in leaves for c, _ in leaf.multipliers}
    found = "" if planes is None else f" There are {len(planes)} hyperplanes."
    through = f" The evidence uses the hyperplanes through {named_samples(sorted(used))}." if used else ""
    start = say(f"{name}: the numbers stand in the certificate.{found}{through}")
    if len(leaves) == 1:
        return (start, *_single_leaf(s, j, bool(leaves[0].multipliers)))
    return (start, *_tree(nodes, None, s, j))


def _numbers(planes: Sequence[HyperplaneView]) -> dict[int, int]:
    return {plane.samples[0]: m for m, plane in enumerate(planes, start=1)}
