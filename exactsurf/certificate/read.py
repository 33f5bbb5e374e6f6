"""A certificate's file read back as the value that was saved."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from exactsurf.certificate.claims.table import CLAIMS, AnyClaim
from exactsurf.certificate.reading.problem import stated_problem

_GZIP = b"\x1f\x8b"


def document_of(content: bytes) -> dict[str, Any]:
    """The JSON document in the bytes of a certificate that the verifier has accepted; they may be compressed."""
    document: dict[str, Any] = json.loads(gzip.decompress(content) if content.startswith(_GZIP) else content)
    return document


def certificate_of(document: dict[str, Any], folder: Path) -> AnyClaim:
    """The certificate in the document of a file that the verifier has accepted.

    Parameters: `document`; `folder` of the data file, if it names one. Returns: the value whose `document` this is;
    only the activation of a network without a hidden layer, which nothing applies, is `linear` whatever was stated.
    Exactness: exact. Raises: `InputError` if the data file is not the one that the certificate names; `KeyError` and the like
    for documents that the verifier would reject. Source: proofs/FORMAT.md.
    """
    return CLAIMS[document["claim"]["kind"]].read(document, stated_problem(document, folder))
