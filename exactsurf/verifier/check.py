"""The whole certificate: its kind, and which rules check a claim of that kind (FORMAT.md, sections 1 and 3)."""

from __future__ import annotations

import os
from fractions import Fraction

from .arithmetic.document import Refused, at, one_of, read_document
from .arithmetic.effort import Watch, limited
from .arithmetic.rational import Rational
from .claims import CLAIMS, checker
from .submission import Accepted, Note, Submission

FORMATS = ("exactsurf-certificate/1", "exactsurf-certificate/2")


def verify(
    document: bytes,
    *,
    data_folder: str | os.PathLike[str] | None = None,
    note: Note | None = None,
    effort: int | Fraction | None = None,
    watch: Watch | None = None,
) -> Accepted:
    """Check a certificate. Raises `Rejected`, which says where and why, unless everything holds.

    What would take longer than `effort`, in seconds of an ordinary machine, is refused (`Refused`, a kind of `Rejected`).
    Steps are counted, not time. Without it the limit is two seconds and a hundred-thousandth of one for every byte of the file
    and of its data file. Who has a clock of their own passes `watch`, which is called every few thousand steps: what it raises
    ends the check.

    `data_folder` is where to look for a data file that the certificate names. `note` is called with one line for every
    step that was checked, as it happens.
    """
    checks: list[str] = []

    def done(line: str) -> None:
        checks.append(line)
        if note is not None:
            note(line)

    with at(""), limited(effort, len(document), watch):
        try:
            return _verify(document, data_folder, done, checks)
        except RecursionError:
            raise Refused("", "what is nested so deeply is beyond the limits of this verifier") from None


def _verify(document: bytes, data_folder: str | os.PathLike[str] | None, done: Note, checks: list[str]) -> Accepted:
    root = read_document(document)
    optional = ["parameters"] if root.has("parameters") else []  # claims about one point have them
    format_field, claim, *_ = root.fields("format", "claim", "problem", "evidence", *optional)
    version = 1 + FORMATS.index(one_of(format_field, FORMATS))
    kind = one_of(claim.required("kind"), tuple(CLAIMS))
    sentence: str
    risk: Rational | None
    sentence, risk = checker(kind)(Submission(root, kind, data_folder, done, version))
    return Accepted(kind, sentence, None if risk is None else Fraction(risk), tuple(checks))
