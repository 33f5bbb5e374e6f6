"""The text about the claim ``spurious local minimum of a population risk in a box`` (proofs/claims/population_minimum.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.population_view import PopulationView, population_view
from exactsurf.show.claims.parts import Parts
from exactsurf.show.text.arrays import point_blocks, rounding_note
from exactsurf.show.text.numeral import equation, numeral
from exactsurf.show.text.prose import Blocks, Display, Name, say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 26; proofs/claims/population_minimum.md.
    """
    view = population_view(document)
    return Parts("A spurious local minimum of a population risk", _setting(view), _statement(view), _steps(view))


def _setting(view: PopulationView) -> Blocks:
    return (
        say(
            f"Let $x$ be a standard normal vector of ${view.dimension}$ entries, $v_j$ the rows of the matrix $V_1$ below, and, "
            f"for a matrix $W_1$ of ${view.units}$ rows $w_i$,"
        ),
        Display("F(W_1) = ½ E (Σ_i max(0, w_i·x) − Σ_j max(0, v_j·x))²"),
        *point_blocks((view.teachers,)),
        say("Units are counted from 1 in this text."),
    )


def _statement(view: PopulationView) -> Blocks:
    low, high = view.risk
    larger = " The same holds in every larger dimension, with zeros behind all rows." if view.larger else ""
    return (
        say("Let $m$ be the point with"),
        *point_blocks(view.parameters),
        say(f"Let $X$ be the box of all $W_1$ that differ from it by at most {equation('r', view.radius)} in every entry."),
        say(
            "Then $X$ holds exactly one critical point of $F$. It is a strict local minimum, and a spurious one: for every point "
            f"of $X$, ${numeral(low)} ≤ F ≤ {numeral(high)}$, and $0$ is a value of $F$.{larger}"
        ),
        *rounding_note([*view.risk, view.radius]),
    )


def _steps(view: PopulationView) -> Blocks:
    further = (
        "In further dimensions all rows are $0$, so the gradient is $0$ there, and the Hessian falls into that of $F$ and equal "
        "matrices, one for each further dimension, which are positive definite on $X$ in the same way.",
    )
    return (
        say("For rows $w$, $v$ that are not parallel, with the angle $t$ between them (Cho and Saul 2009),"),
        Display("2π E max(0, w·x) max(0, v·x) = |w||v| (sin t + (π − t) cos t)"),
        say(
            "so $F$ is smooth on $X$, where no two rows are parallel. Real numbers are enclosed in intervals whose ends are "
            f"multiples of $2^{{-{view.bits}}}$, rounded outwards."
        ),
        say(
            f"Every eigenvalue of the Hessian of $F$ is at least {equation('λ', view.curvature)} on $X$ (Cholesky's method in "
            "integers). So $F$ is strictly convex on $X$ and has at most one critical point there, and the intervals give"
        ),
        Display("|∇F(m)| < λ r"),
        say(
            "so the slope of $F$ outwards is positive on the sphere of radius $r$ around $m$: the least value on the ball is "
            "attained inside."
        ),
        say("$F$ is $0$ where the first rows are those of $V_1$ and all others are $0$."),
        *(map(say, further) if view.larger else ()),
        say("The steps are proved in ", Name("proofs/claims/population_minimum.md"), "."),
    )
