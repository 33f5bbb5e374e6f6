"""The whole text about a certificate: the parts of its claim, and how to check it again."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
from typing import Any

from exactsurf.certificate.reading.claim_view import InlineData, ReferencedData, data_view
from exactsurf.show.claims import CLAIMS
from exactsurf.show.text.exposition import Exposition
from exactsurf.show.text.numeral import CELL_DIGITS, exact_digits
from exactsurf.show.text.prose import Blocks, Command, Name, Piece, rounded_once, say

_LABEL = 8  # digits of the SHA-256 of what a text states


def exposition(
    document: dict[str, Any], *, file: str | None = None, sha256: str | None = None, digits: int = CELL_DIGITS
) -> Exposition:
    """The text about a certificate that the verifier has accepted.

    Parameters: `document`, its parsed JSON; `file` and `sha256`, the name and digest of its file, if there is one; `digits` of a
    number that is written exactly in a table or a matrix. Longer entries of a point have names and are written out below it.
    Exactness: numbers are exact unless ≈ stands before them. Raises: nothing for accepted certificates.
    Source: proofs/FORMAT.md and the proofs beside it.
    """
    claim, problem = document["claim"], document["problem"]
    with exact_digits(digits):
        parts = CLAIMS[claim["kind"]](document)
        check = _check(data_view(problem["data"]) if "data" in problem else None, file, sha256)
    setting, statement, proof, check = rounded_once(parts.setting, parts.statement, parts.proof, check)
    label = hashlib.sha256(json.dumps([claim, problem], sort_keys=True).encode()).hexdigest()[:_LABEL]
    return Exposition(parts.title, claim["sentence"], setting, statement, proof, check, label)


def _check(data: InlineData | ReferencedData | None, file: str | None, sha256: str | None) -> Blocks:
    pieces: list[Piece] = ["All numbers stand exactly in the certificate"]
    if file is not None:
        pieces += [", the file ", Name(os.path.basename(file))]
    if sha256 is not None:
        pieces += [" (SHA-256 ", Name(sha256), ")"]
    pieces.append(
        ", which counts samples, units and outputs from 0. The verifier recomputes everything from the file with integers and "
        "needs Python's standard library only."
    )
    if isinstance(data, ReferencedData):
        pieces += [
            " (It looks for ",
            Name(data.file),
            " beside the certificate, or in the folder given with ",
            Name("--data"),
            ".)",
        ]
    path = "CERTIFICATE.json" if file is None else file
    printable = path if path.isprintable() else ascii(path)[1:-1]
    quoted = shlex.quote(printable if not printable.startswith("-") else f"./{printable}")
    return say(*pieces), Command(f"python -m exactsurf.verifier {quoted}")
