"""The proof in words for certificates by the rule ``kinked paths`` (proofs/rules/kinked_paths.md)."""

from __future__ import annotations

from exactsurf.certificate.reading.point_view import PointView
from exactsurf.certificate.rules.kinked_paths import KinkedPaths
from exactsurf.show.rules.frozen_risk import derivative, frozen_risk
from exactsurf.show.rules.sample_values import SampleValues
from exactsurf.show.text.numeral import numeral
from exactsurf.show.text.problem_text import prediction, total
from exactsurf.show.text.prose import Block, Blocks, Items, say

_MOST = 24
"""Kinks and multiples that are written out."""


def proof(evidence: KinkedPaths, view: PointView, values: SampleValues | None) -> Blocks:
    """Why the point is a local minimum: near it the frozen risk is a constant and kinks that only add to it.

    Parameters: `evidence` of the certificate in `view`; `values` of the samples if they were recomputed.
    Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 63; proofs/rules/kinked_paths.md.
    """
    k = view.outputs
    psi = f"$Ψ(θ′) = {total(k)} {derivative(k)} {prediction(k, 'θ′')}$"
    start = (*frozen_risk(view, values), say(f"It is enough that {psi} is nowhere lower near $θ$ than at $θ$."))
    return (*start, *_multiples(evidence, view), *_lines(evidence), *_conclusion())


def _multiples(evidence: KinkedPaths, view: PointView) -> Blocks:
    if not evidence.multiples:
        return (say("Let $s_i$ be these numbers for sample $i$."),)
    r = derivative(view.outputs)
    text = say(
        "Some samples have at all parameters a multiple of the predictions of others, since their inputs are equal, or because "
        f"the network is even, odd or homogeneous in its inputs. So $Ψ$ stays the same if $c · {r}$ is added to the numbers of "
        "sample $m$, and sample $i$ is left out, for each of them. Let $s_i$ be the numbers of the samples that are left."
    )
    if len(evidence.multiples) > _MOST:
        return (text,)
    items = tuple(
        (f"sample {i + 1}: $f(x_{{{i + 1}}}; θ′) = {numeral(c)} · f(x_{{{m + 1}}}; θ′)$.",) for i, m, c in evidence.multiples
    )
    return text, Items(items)


def _lines(evidence: KinkedPaths) -> Blocks:
    blocks: list[Block] = [
        say(
            "Samples with $s_i = 0$ do not enter $Ψ$. On every other sample each hidden unit computes $h(z) = a z + c + e(z)$ "
            "near its pre-activation: inside a piece of $h$, $a$ and $c$ are its slope and intercept, and $e = 0$. At a "
            "breakpoint $t$ the certificate chooses a slope $a$ between those left and right of it, $c = h(t) − a t$, and the "
            "kink $e$ is what is left: $e(t) = 0$, and near $t$ it has the sign of the right slope minus the left one."
        )
    ]
    if 0 < len(evidence.slopes) <= _MOST:
        chosen = tuple(
            (f"unit {j + 1} of layer {layer} on sample {i + 1}: $a = {numeral(a)}$.",) for (layer, j, i), a in evidence.slopes
        )
        blocks.append(Items(chosen))
    return tuple(blocks)


def _conclusion() -> Blocks:
    return (
        say(
            "Put in from the outputs down, this makes $Ψ(θ′)$ the sum of what $Ψ$ would be without any kink and of $β e(z)$ over "
            "all units and samples, where $z$ is the true pre-activation at $θ′$, and $β$ is the derivative of $Ψ$ by the output "
            "of the unit, computed at $θ′$ with the slopes $a$."
        ),
        say(
            "Without kinks, $Ψ$ is a polynomial in the weights and biases with a monomial for every path that ends at an output "
            "and starts at an input, a bias or an intercept. Its coefficient is the sum over $i$ of $s_i$, the slopes $a$ on the "
            "path, and what the path starts from. All these sums are $0$, exactly, so this part is constant."
        ),
        say(
            "Every $β$ is continuous in $θ′$. Either all paths from the unit to an output have a slope $0$ on the sample, and "
            "then $β = 0$ for all $θ′$; or $β$ has at $θ$, and so near it, the sign of its kink, and $β e(z) ≥ 0$. At $θ$ all "
            "kinks are $0$. Hence $Ψ(θ′) ≥ Ψ(θ)$, and $L(θ′) ≥ L(θ)$ for all $θ′$ near $θ$: $θ$ is a local minimum."
        ),
    )
