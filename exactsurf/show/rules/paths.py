"""The proof in words for certificates by the rule ``paths`` (proofs/rules/paths.md)."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from exactsurf.certificate.reading.point_view import PointView
from exactsurf.certificate.rules.paths import Paths
from exactsurf.exact.scaled_vector import ScaledVector
from exactsurf.show.rules.frozen_risk import derivative, frozen_risk
from exactsurf.show.rules.sample_values import SampleValues
from exactsurf.show.text.arrays import MAX_COLUMNS, MAX_ROWS, cells, rounding_note
from exactsurf.show.text.numeral import listed, named_samples
from exactsurf.show.text.problem_text import indices, line, prediction, total
from exactsurf.show.text.prose import Block, Blocks, Items, say

_MAX_VECTORS = 6  # vectors of one V_l that are written out
_MAX_UNITS = 8  # units whose pieces are named one by one


def proof(evidence: Paths, view: PointView, values: SampleValues | None) -> Blocks:
    """Why the point is a local minimum: near it the frozen risk is constant.

    Parameters: `evidence` of the certificate in `view`; `values` of the samples if they were recomputed.
    Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 4.1; proofs/rules/paths.md.
    """
    k = view.outputs
    psi = f"$Ψ(θ′) = {total(k)} {derivative(k)} {prediction(k, 'θ′')}$"
    start = (*frozen_risk(view, values), say(f"It is enough that {psi} is constant near $θ$."))
    if evidence.merged:
        start = (*start, *_merged(view, values))
        values = None if values is None else values.merged
    if values is not None and not values.active:
        return (
            *(start if evidence.merged else frozen_risk(view, values)),
            say("All these numbers are $0$, so $L(θ′) ≥ L(θ)$ for all $θ′$: $θ$ is even a global minimum."),
        )
    if not view.hidden_layers:
        return (*start, *_without_hidden_layers(view))
    return (*start, *_pieces(view, values), *_identities(view, values), *_conclusion())


def _merged(view: PointView, values: SampleValues | None) -> Blocks:
    r = derivative(view.outputs)
    groups = "" if values is None else f" ({'; '.join(map(named_samples, values.repeated))})"
    return (
        say(
            f"Samples with the same inputs{groups} have the same predictions at all $θ′$, so they count as one: from now on "
            f"${r}$ stands for the sum of these numbers at the first of them, and is $0$ at the others."
        ),
    )


def _without_hidden_layers(view: PointView) -> Blocks:
    r = derivative(view.outputs)
    every = "" if view.outputs == 1 else " for every output $k$"
    bias = f"$Σ_i {r} = 0$ and " if view.biases[0] else ""
    return (
        say(
            f"There is no hidden layer, so $Ψ$ is linear in the parameters, and its coefficients are these sums: {bias}$Σ_i "
            f"{r} x_i = 0${every}. They vanish, so $Ψ$ is constant and $L(θ′) ≥ L(θ)$ for all $θ′$: $θ$ is even a global "
            "minimum."
        ),
    )


def _pieces(view: PointView, values: SampleValues | None) -> Blocks:
    r, zero = derivative(view.outputs), "" if view.outputs == 1 else " for all $k$"
    excluded = f"A sample with ${r} = 0${zero} does not enter $Ψ$."
    if values is not None and values.ambiguous:
        which = ("Samples" if len(values.ambiguous) > 1 else "Sample") + f" {listed(values.ambiguous)}"
        have = "have" if len(values.ambiguous) > 1 else "has"
        excluded += f" {which} {have} a hidden unit at a breakpoint of $h$, but there ${r} = 0${zero}."
    blocks: list[Block] = [
        say(
            f"{excluded} On every other sample each hidden unit is, at $θ$, strictly inside one linear piece of $h$. "
            "Pre-activations are continuous in $θ′$. So there is a neighbourhood $U$ of $θ$ in which, on each of these samples "
            "$i$, unit $j$ of layer $l$ computes $a_{lji} z + c_{lji}$ from its pre-activation $z$, with the slope $a_{lji}$ "
            "and the intercept $c_{lji}$ of that piece."
        )
    ]
    if values is not None and sum(view.widths[1:-1]) <= _MAX_UNITS:
        blocks.append(Items(tuple(_unit_pieces(values, layer, j) for layer, n in enumerate(view.widths[1:-1]) for j in range(n))))
    return tuple(blocks)


def _unit_pieces(values: SampleValues, layer: int, unit: int) -> tuple[str, ...]:
    h = values.problem.network.activation
    pieces = [left for left, _ in h.pieces(values.forward.pre_activations[layer][unit])]
    samples: dict[int, list[int]] = {}
    for i in values.active:
        samples.setdefault(pieces[i], []).append(i)
    parts = [f"$h(z) = {line(*h.lines[piece])}$ on {named_samples(found)}" for piece, found in sorted(samples.items())]
    name = f"Unit {unit + 1} of layer {layer + 1}" if len(values.forward.pre_activations) > 1 else f"Unit {unit + 1}"
    return (f"{name}: {'; '.join(parts)}.",)


def _identities(view: PointView, values: SampleValues | None) -> Blocks:
    last, r = len(view.biases), derivative(view.outputs)
    top = f"$V_{{{last}}} = {{(r_i)_i}}$" if view.outputs == 1 else f"$V_{{{last}}} = {{({r})_i : {indices('k', view.outputs)}}}$"
    blocks: list[Block] = [
        say(
            "From now on the index $i$ runs over these samples only. Products of slopes along paths are collected from the "
            f"output down: {top}, and for $l = {_descending(last - 1)}$ let $V_l$ be the set of all vectors $(a_{{lji}} "
            "v_i)_i$ with a unit $j$ of layer $l$ and $v ∈ V_{l+1}$. The certificate's numbers satisfy, exactly:"
        )
    ]
    items: list[tuple[str, ...]] = []
    biased = [layer for layer, has_bias in enumerate(view.biases, start=1) if has_bias]
    if biased:
        items.append((f"$Σ_i v_i = 0$ for every $v ∈ V_l$, $l = {', '.join(map(str, biased))}$ (the layers with a bias);",))
    items.append(("$Σ_i v_i x_i = 0$, a vector equation, for every $v ∈ V_1$;",))
    no_intercepts = not any(intercept for _, intercept in view.activation.lines)
    aside = " (here all intercepts are $0$)" if no_intercepts else ""
    items.append((f"$Σ_i c_{{lji}} v_i = 0$ for every hidden layer $l$, unit $j$ and $v ∈ V_{{l+1}}${aside}.",))
    return (*blocks, Items(tuple(items)), *_path_vectors(view, values))


def _descending(last: int) -> str:
    return ", ".join(map(str, range(last, 0, -1))) if last <= 3 else f"{last}, {last - 1}, …, 1"


def _path_vectors(view: PointView, values: SampleValues | None) -> Blocks:
    """V_1, … written out, if they are few and short."""
    if values is None or not values.active or len(values.active) > MAX_COLUMNS or view.samples > MAX_ROWS:
        return ()
    h, active = values.problem.network.activation, values.active
    level = _distinct([ScaledVector.fractions(r)[i] for i in active] for r in values.derivatives)
    levels = [level]
    for layer in reversed(values.forward.pre_activations):
        slopes = _distinct([h.slopes[pieces[i][0]] for i in active] for pieces in map(h.pieces, layer))
        level = _distinct([a * v for a, v in zip(s, u, strict=True)] for s in slopes for u in level)
        levels.insert(0, level)
        if len(level) > _MAX_VECTORS:
            return ()
    parts = []
    for number, found in enumerate(levels, start=1):
        vectors = ", ".join(f"$({', '.join(row)})$" for row in cells(found))
        parts.append((f"$V_{{{number}}}$: {vectors}",))
    shown = say(f"Written out, for {named_samples(active)} in this order:")
    return shown, Items(tuple(parts)), *rounding_note(value for found in levels for v in found for value in v)


def _distinct(vectors: Iterable[list[Fraction]]) -> list[tuple[Fraction, ...]]:
    return list(dict.fromkeys(map(tuple, vectors)))


def _conclusion() -> Blocks:
    return (
        say(
            "In $U$, $Ψ$ is a polynomial in the weights and biases. Each of its monomials belongs to a path that ends at an "
            "output and starts at a coordinate of the input, at a bias, or at the intercept of a unit; it is the product of "
            "the weights along the path (and of the bias). Its coefficient is a sum over $i$ of the frozen derivative, the "
            "slopes of the units on the path, and the coordinate of $x_i$, $1$, or the intercept. These are the sums in the "
            "list above, so all coefficients vanish. No monomial is constant. Hence $Ψ$ is constant (equal to $0$) in $U$, and "
            "$L(θ′) ≥ L(θ)$ for all $θ′$ in $U$: $θ$ is a local minimum."
        ),
    )
