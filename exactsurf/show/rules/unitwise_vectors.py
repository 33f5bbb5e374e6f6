"""The proof in words for certificates by the rule ``unitwise vectors`` (proofs/rules/unitwise_vectors.md)."""

from __future__ import annotations

from exactsurf.certificate.reading.point_view import PointView
from exactsurf.certificate.rules.unitwise import Split
from exactsurf.certificate.rules.unitwise_vectors import UnitwiseVectors
from exactsurf.show.rules.frozen_risk import frozen_risk
from exactsurf.show.rules.sample_values import SampleValues
from exactsurf.show.text.prose import Blocks, Display, Items, say


def proof(evidence: UnitwiseVectors, view: PointView, values: SampleValues | None) -> Blocks:
    """Why the point is a local minimum: no unit can lower the frozen risk, whatever its output weights do nearby.

    Parameters: `evidence` of the certificate in `view`; `values` of the samples if they were recomputed.
    Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 4.5; proofs/rules/unitwise_vectors.md.
    """
    extended = "$x̃_i = (x_i, 1)$" if view.biases[0] else "$x̃_i = x_i$"
    row = "row $j$ of $W_1$" + (" followed by entry $j$ of $b_1$" if view.biases[0] else "")
    bias = ", $b$ for the bias $b_2$" if view.biases[1] else ""
    out = "(b′ − b)·Σ_i r_i + " if view.biases[1] else ""
    sums = "$Σ_i r_i = 0$ and " if view.biases[1] else ""
    cones = [sum(not isinstance(node, Split) for node in nodes) for nodes in evidence.units]
    counts = tuple((f"Unit {j}: {n} cone{'s' * (n != 1)}.",) for j, n in enumerate(cones, start=1))
    return (
        *frozen_risk(view, values),
        say(
            f"Write {extended}, $w_j$ for {row}, $v_j$ for column $j$ of $W_2${bias}, $r_i$ for the vector of the numbers "
            "$r_{ik}$, and $φ_j(w) = Σ_i r_i h(w·x̃_i)$, a vector with an entry for every output. The right side is"
        ),
        Display(f"{out}Σ_j v′_j·φ_j(w′_j) − Σ_j v_j·φ_j(w_j)"),
        say(
            f"The certificate's numbers satisfy {sums}$φ_j(w_j) = 0$ for every unit $j$, exactly. What is left is $Σ_j "
            "v′_j·φ_j(w′_j)$. The samples on which unit $j$ is at a breakpoint of $h$ lie on hyperplanes $u_m·δ = 0$ ($u_m$ is "
            "$x̃_i$ divided by its first non-zero entry), and for small $δ$"
        ),
        Display("φ_j(w_j + δ) = G_j δ + Σ_m κ_m |u_m·δ|"),
        say(
            "with a matrix $G_j$ and vectors $κ_m$ that the verifier recomputes. The signs $τ_m$ of some $u_m·δ$ cut the space "
            "of $δ$ into closed cones, which cover it (cones inside a hyperplane are left out; the others are closed and cover "
            "the space without them). On each of them the certificate gives vectors $μ_m$ with, exactly,"
        ),
        Display("Σ_m μ_m (u_m·δ) = G_j δ"),
        say(
            "for all $δ$, such that the vector $a_m = τ_m μ_m + κ_m$ is $0$ or has $v_j·a_m > 0$; where $m$ was not split on the "
            "way to the cone this holds for both signs $τ_m$. So, on the cone,"
        ),
        Display("v′_j·φ_j(w_j + δ) = Σ_m (v′_j·a_m) |u_m·δ| ≥ 0"),
        say("for all $v′_j$ so near to $v_j$ that $v′_j·a_m > 0$ wherever $v_j·a_m > 0$. The numbers of cones:"),
        Items(counts),
        say("So every term of the sum is $≥ 0$ near $θ$, and $L(θ′) ≥ L(θ)$ there: $θ$ is a local minimum."),
    )
