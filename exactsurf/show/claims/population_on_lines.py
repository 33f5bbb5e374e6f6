"""The text about claims on units that are held on lines, on normal inputs (proofs/claims/population_on_lines.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.claims.population_on_lines import GLOBAL_ON_LINES, NO_MINIMUM_ON_LINES, SPURIOUS_ON_LINES, sums_of
from exactsurf.certificate.reading.claim_view import ArrayView, texts
from exactsurf.certificate.reading.values import vector_of
from exactsurf.exact.number import exact
from exactsurf.show.claims.parts import Parts
from exactsurf.show.text.arrays import point_blocks, rounding_note
from exactsurf.show.text.numeral import equation, numeral
from exactsurf.show.text.prose import Blocks, Display, Name, say

_TITLES = {
    SPURIOUS_ON_LINES: "Spurious local minima of a population risk of units on lines",
    GLOBAL_ON_LINES: "Global minima of a population risk of units on lines",
    NO_MINIMUM_ON_LINES: "A pattern without local minima of a population risk",
}


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 47; proofs/claims/population_on_lines.md.
    """
    kind = document["claim"]["kind"]
    return Parts(_TITLES[kind], _setting(document), _statement(document, kind), _steps(document, kind))


def _setting(document: dict[str, Any]) -> Blocks:
    problem = document["problem"]
    lines, teachers = texts(problem["lines"]), texts(problem["teachers"])
    counts = ", ".join(f"${units}$ on line ${line}$" for line, units in enumerate(problem["units"], start=1))
    return (
        say(
            f"Let $x$ be a standard normal vector of ${len(lines[0])}$ entries, $u_l$ the rows of the matrix $U_1$ below, $v_j$ "
            f"those of $V_1$. Units lie on the lines of the $u_l$: {counts}. With a length $t_i$ for every unit, which lies on "
            "line $l(i)$,"
        ),
        Display("F(t) = ½ E (Σ_i max(0, t_i u_{l(i)}·x) − Σ_j max(0, v_j·x))²"),
        *point_blocks((ArrayView("U1", lines, False), ArrayView("V1", teachers, False))),
        say("Lines are counted from 1 in this text."),
    )


def _statement(document: dict[str, Any], kind: str) -> Blocks:
    claim, units = document["claim"], document["problem"]["units"]
    ways = "; ".join(
        f"on line ${line}$: ${plus}$ and ${minus}$ and ${count - plus - minus}$"
        for line, ((plus, minus), count) in enumerate(zip(claim["looking"], units, strict=True), start=1)
    )
    pattern = say(f"The pattern says how many units have $t > 0$, $t < 0$ and $t = 0$: {ways}.")
    if kind == NO_MINIMUM_ON_LINES:
        return pattern, say("Then $F$ has no local minimum of this pattern.")
    sums = ArrayView("s1", texts(document["parameters"]["lengths"]), False)
    low, high = vector_of(claim["risk"])
    radius = exact(claim["radius"])
    what = "spurious local minima" if kind == SPURIOUS_ON_LINES else "global minima"
    return (
        pattern,
        say("For the sums of the lengths of the units that look along $u_l$ and along $−u_l$ let"),
        *point_blocks((sums,)),
        say(
            "Then exactly one vector of sums belongs to local minima of this pattern. It is at most "
            f"{equation('r', radius)} away, and the points with these sums are {what} of $F$, with "
            f"${numeral(low)} ≤ F ≤ {numeral(high)}$."
        ),
        *rounding_note([low, high, radius]),
    )


def _steps(document: dict[str, Any], kind: str) -> Blocks:
    evidence = document["evidence"]
    first = (
        say("For rows $w$, $v$ with the angle $t$ between them (Cho and Saul 2009),"),
        Display("2π E max(0, w·x) max(0, v·x) = |w||v| (sin t + (π − t) cos t)"),
        say(
            "so while all units look the way they do $F$ is a quadratic of the sums $s$ of their lengths, $½ s·Ks − b·s + c$, "
            f"enclosed in intervals whose ends are multiples of $2^{{-{evidence['bits']}}}$. Every eigenvalue of $K$ on the "
            f"directions that are used is at least {equation('λ', exact(evidence['curvature']))}, and $|Ks − b| ≤ λ r$ there for "
            "the given sums: so there is one critical vector of sums, at most $r$ away."
        ),
    )
    name = say("The steps are proved in ", Name("proofs/claims/population_on_lines.md"), ".")
    if kind == NO_MINIMUM_ON_LINES:
        line, side = divmod(evidence["ray"], 2)
        way = f"{'−' if side else ''}u_{line + 1}"
        used = document["claim"]["looking"][line][side]
        why = (
            f"its sum along ${way}$ is not positive"
            if used
            else f"$F$ falls there along ${way}$, which a unit of length $0$ can take"
        )
        return (*first, say(f"But {why}."), name)
    second = say(
        "The sums are positive, and no unit of length $0$ can lower $F$: near the point $F$ is convex on every orthant of "
        "lengths, and its one-sided derivatives are not negative."
    )
    if kind == SPURIOUS_ON_LINES:
        lower = ", ".join(f"${numeral(value)}$" for value in sums_of(evidence["lower"]))
        return (
            *first,
            second,
            say(f"The sums {lower}, along $u_1$, $−u_1$, $u_2$ and so on in this order, have a lower value of $F$."),
            name,
        )
    third = say(
        "Any residual $h$ that has $E h max(0, r·x) ≤ 0$ for all directions $r$ in which units may look bounds $F$ from below by "
        "$E h y − ½ E h²$, with $y$ the sum of the teachers. For every choice of directions the residual of the point, or one of "
        f"${len(evidence['bounds'])}$ others, does so, and no bound is below the value at the point."
    )
    return (*first, second, third, name)
