"""The text about the claim ``local minimum of algebraic coordinates`` (proofs/claims/algebraic_point.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.claims.algebraic_point import AlgebraicNumber
from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.certificate.reading.values import vector_of
from exactsurf.exact.number import exact
from exactsurf.show.claims.parts import Parts
from exactsurf.show.text.algebraic import middle, polynomial
from exactsurf.show.text.problem_text import setting
from exactsurf.show.text.prose import Blocks, Display, Name, say

_SHOWN = 24


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 35; proofs/claims/algebraic_point.md.
    """
    claim, evidence = document["claim"], document["evidence"]
    stripped = {**document, "claim": {key: value for key, value in claim.items() if key != "risk"}}
    view = surface_view(stripped)
    alpha, risk = AlgebraicNumber.read(evidence["root"]), AlgebraicNumber.read(claim["risk"])
    images = list(evidence["coordinates"].items())[:_SHOWN]
    shown = "; ".join(f"${_symbol(name)} = {polynomial(vector_of(image), 'α')}$" for name, image in images)
    more = "" if len(evidence["coordinates"]) <= _SHOWN else "; the others stand in the certificate"
    statement: Blocks = (
        say("Let $α$ be the root between the numbers of the certificate, $α ≈ " + middle(alpha) + "$, of"),
        Display(f"{polynomial(list(map(exact, evidence['root']['polynomial'])), 't')} = 0"),
        say(f"and $θ$ the point with the coordinates (counted from 0) {shown}{more}."),
        say(f"Then $θ$ is a local minimum of $L$, and $L(θ) ≈ {middle(risk)}$ is a root of"),
        Display(f"{polynomial(list(map(exact, claim['risk']['polynomial'])), 't')} = 0"),
    )
    steps: Blocks = (
        say(
            "All units are strictly inside a piece of the activation on every sample, by enclosures of $α$. The derivatives of "
            "$L$ at $θ$ are polynomials in $α$ that the polynomial of $α$ divides, so they are $0$; in the same way the risk is "
            "a root of its polynomial."
        ),
        say(
            "With the directions along which units are rescaled, which leave the network as it is, the Hessian plus the sum of "
            "their squares is positive definite, by intervals: across these directions the risk grows, along them it is constant."
        ),
        say("The steps are proved in ", Name("proofs/claims/algebraic_point.md"), "."),
    )
    return Parts("A local minimum of algebraic coordinates", setting(view), statement, steps)


def _symbol(name: str) -> str:
    letter, *places = name.split("_")
    return f"{letter[0]}_{{{letter[1:]},{','.join(places)}}}"
