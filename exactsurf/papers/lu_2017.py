"""Lu and Kawaguchi, "Depth Creates No Bad Local Minima", 2017: Theorem 2.3 for deep linear networks."""

from __future__ import annotations

from exactsurf.theorems.constructions.linear_network import global_or_saddle
from exactsurf.theorems.data_conditions import full_rank_inputs, full_rank_targets
from exactsurf.theorems.hypotheses import CRITICAL, DEEP_LINEAR, SOME_HIDDEN_LAYER, SQUARED_LOSS
from exactsurf.theorems.references import LU_2017
from exactsurf.theorems.theorem import ABOUT_CRITICAL_POINTS, Hypothesis, Theorem

theorem_2_3 = Theorem(
    key="lu_2017.theorem_2_3",
    title="Depth creates no bad local minima",
    statement=(
        r"Let $X$ and $Y$ have full row rank. Then every local minimum of the squared risk "
        r"$\frac12\|W_H \cdots W_1 X - Y\|_F^2$ is a global minimum."
    ),
    reference=LU_2017,
    hypotheses=(
        DEEP_LINEAR,
        SOME_HIDDEN_LAYER,
        SQUARED_LOSS,
        Hypothesis("rank X", "X has full row rank", full_rank_inputs),
        Hypothesis("rank Y", "Y has full row rank", full_rank_targets),
        CRITICAL,
    ),
    conclude=global_or_saddle,
    without_example=(
        ("rank X", "not needed: W_1 acts on the span of the inputs only, and there the same theorem has an invertible X Xᵀ"),
        ("rank Y", "not needed: minima that are not global are pure (trager_2020), and by Eckart and Young there are none"),
        ("critical", ABOUT_CRITICAL_POINTS),
    ),
    remarks="Neither distinct eigenvalues nor d_y ≤ d_x is asked for.",
)
