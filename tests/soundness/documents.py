"""Certificates as JSON values, for attacks on the verifier: what it says of them, and the sentences that it expects."""

from __future__ import annotations

from exactsurf import verifier
from exactsurf.verifier.arithmetic.document import Rejected
from tests.verifier.oracle import Document
from tests.verifier.verdicts import encode


def rejection(document: Document) -> str | None:
    """Why the verifier rejects a document, None if it accepts."""
    try:
        verifier.verify(encode(document))
    except Rejected as error:
        return str(error)
    return None


def sentence(problem: Document, phrase: str, loss: str, units: str = "") -> str:
    """The sentence of a claim about a point: it is `phrase` of the risk."""
    count = len(problem["data"]["x"])
    network = "-".join(map(str, problem["widths"])) + " network" + units
    return f"The given parameters are {phrase} of the {loss} risk of the {network} on {count} sample{'s' * (count > 1)}."
