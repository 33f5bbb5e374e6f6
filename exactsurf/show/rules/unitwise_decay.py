"""The proof in words for certificates by the rule ``unitwise decay`` (proofs/rules/unitwise_decay.md)."""

from __future__ import annotations

from exactsurf.certificate.reading.point_view import PointView
from exactsurf.certificate.rules.unitwise import Split
from exactsurf.certificate.rules.unitwise_decay import LiveUnit, UnitwiseDecay
from exactsurf.show.rules.frozen_risk import definition, sample_table
from exactsurf.show.rules.sample_values import SampleValues
from exactsurf.show.text.prose import Block, Blocks, Display, Items, say


def proof(evidence: UnitwiseDecay, view: PointView, values: SampleValues | None) -> Blocks:
    """Why the point is a local minimum: no unit can lower the frozen risk together with its own penalty.

    Parameters: `evidence` of the certificate in `view`; `values` of the samples if they were recomputed.
    Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 16; proofs/rules/unitwise_decay.md.
    """
    extended = "$x̃_i = (x_i, 1)$" if view.biases[0] else "$x̃_i = x_i$"
    row = "row $j$ of $W_1$" + (" followed by entry $j$ of $b_1$" if view.biases[0] else "")
    everything = view.decay is not None and view.decay.biases
    part = "itself" if everything or not view.biases[0] else "without its last entry, which is not penalised"
    output = ""
    if view.biases[1]:
        what = "$Σ_i r_i + λ b_2 = 0$" if everything else "$Σ_i r_i = 0$"
        output = f"The output bias drops out of the right side, or adds a square, because {what}, exactly. "
    live = sum(isinstance(unit, LiveUnit) for unit in evidence.units)
    blocks: list[Block] = [
        say(f"For every sample $i$ let {definition(view)}"),
        *sample_table(view, values),
        say(
            f"These numbers stay frozen while the parameters move. Write {extended}, $w_j$ for {row}, $w′$ for such a vector "
            f"{part}, $v_j$ for entry $j$ of $W_2$, and $φ(w) = Σ_i r_i h(w·x̃_i)$. The loss is convex in the prediction, so for "
            "all parameters the risk is higher than at the point by at least the sum over the units of the changes of"
        ),
        Display("ψ(w, v) = v φ(w) + ½ λ (v² + |w′|²)"),
        say(
            f"{output}So it is enough that no $ψ(w_j, v_j)$ can fall near the point. For small $δ$ the change of $φ$ at $w_j + "
            "δ$ is a function $F(δ)$ that is linear on finitely many closed cones, which the verifier recomputes."
        ),
    ]
    if live:
        blocks += [
            say("Units with $v ≠ 0$: exactly, $φ(w) = -λ v$ and $|w′| ≤ |v|$, and multipliers on every cone of a tree show that"),
            Display("G(δ) = v F(δ) + λ w′·δ′ ≥ 0"),
            say(
                "for all $δ$. If $w$ moves by $δ$ and $v$ by $η$, with $|η| < |v|$, the change of $ψ$ is $G(δ) (1 + η/v) − (λ "
                "η/v) w′·δ′ + ½ λ (η² + |δ′|²)$, and this is at least $½ λ (|η| − |δ′|)² ≥ 0$."
            ),
        ]
    if live < len(evidence.units):
        blocks += [
            say(
                "Units with $v = 0$: exactly, $w′ = 0$ and $φ(w) = 0$. On every cone of two trees the certificate gives a vector "
                "$q$ with $|q| ≤ λ$ (and $0$ at a bias that is not penalised) and multipliers that show $F(δ) ≤ q·δ$, and the "
                "same for $-F$. So $|F(δ)| ≤ λ |δ′|$, and"
            ),
            Display("ψ(w + δ, η) − ψ(w, 0) = η F(δ) + ½ λ (η² + |δ′|²) ≥ ½ λ (|η| − |δ′|)² ≥ 0"),
        ]
    cones = []
    for j, unit in enumerate(evidence.units, start=1):
        trees = [unit.nodes] if isinstance(unit, LiveUnit) else [unit.above, unit.below]
        count = sum(not isinstance(node, Split) for nodes in trees for node in nodes)
        cones.append((f"Unit {j}: {count} cone{'s' * (count != 1)}.",))
    blocks += [say("The numbers of cones:"), Items(tuple(cones)), say("So $θ$ is a local minimum.")]
    return tuple(blocks)
