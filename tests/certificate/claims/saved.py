"""A golden certificate, read and saved again."""

from __future__ import annotations

from typing import Any

import exactsurf as es
from tests.verifier.verdicts import GOLDEN


def saved_and_loaded(name: str, kind: type, folder: str = "accept") -> Any:
    """The golden certificate of this name, a value of this type whose file has the same bytes again."""
    path = GOLDEN / folder / f"{name}.json"
    certificate = es.load(path)
    assert isinstance(certificate, kind) and certificate.encoded == path.read_bytes()
    assert repr(certificate).startswith(f"{kind.__name__}(")
    return certificate
