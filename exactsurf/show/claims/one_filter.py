"""The text about claims on one filter opposite to that of its teacher (proofs/claims/one_filter.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.claims.one_filter import SPURIOUS_FILTER
from exactsurf.certificate.reading.values import vector_of
from exactsurf.show.claims.parts import Parts
from exactsurf.show.text.arrays import rounding_note
from exactsurf.show.text.numeral import numeral
from exactsurf.show.text.prose import Blocks, Display, Name, say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 26.1; proofs/claims/one_filter.md.
    """
    claim, goal = document["claim"], vector_of(document["problem"]["output_weights"])
    risk, spurious = vector_of(claim.get("risk", ())), claim["kind"] == SPURIOUS_FILTER
    setting: Blocks = (
        say(
            "Let $Z_j$ be independent standard normal vectors of two or more entries, one for each patch $j$, $w_1$ a vector of "
            "length $1$, $b$ the vector with the entries"
        ),
        say(", ".join(f"${numeral(value)}$" for value in goal)),
        say("and, for $w ≠ 0$ and a vector $a$ with an entry for each patch,"),
        Display("F(w, a) = ½ E (Σ_j a_j max(0, w·Z_j/|w|) − Σ_j b_j max(0, w_1·Z_j))²"),
    )
    where = "Let $w = −w_1$, and $a$ the one vector at which $F(w, a)$ is least for this $w$."
    bounds = f", ${numeral(risk[0])} ≤ F(w, a) ≤ {numeral(risk[1])}$, and $0$ is a value of $F$." if risk else "."
    what = "is a spurious local minimum of $F$: it is a local minimum" if spurious else "is not a local minimum of $F$"
    sign = "is negative" if spurious else "is not negative"
    steps: Blocks = (
        say("With the angle $φ$ of $w$ and $w_1$, $g(φ) = (π − φ) cos φ + sin φ$, and the sums $s$ and $t$ of $a$ and $b$,"),
        Display("4π F = (π − 1)(|a|² + |b|²) + (s − t)² − 2 (g(φ) − 1) a·b"),
        say(
            "so $φ$ is only in the last term, and $g$ falls from $π$ to $0$. At $φ = π$ and the best $a$ the sign of $a·b$ is "
            f"that of $π (t² − |b|²) − {len(goal) - 1} |b|²$, which {sign}."
        ),
        say(
            "If $a·b$ is negative at the point it is so nearby, so no smaller $φ$ lowers $F$, and no other $a$ does at $φ = π$. "
            "If it is positive, a smaller $φ$ lowers $F$; if it is $0$, that and a small step of $a$ along $b$ do."
        ),
        say("The steps are proved in ", Name("proofs/claims/one_filter.md"), "."),
    )
    title = "A filter opposite to its teacher"
    return Parts(title, setting, (say(where), say(f"Then $(w, a)$ {what}{bounds}"), *rounding_note([*risk, *goal])), steps)
