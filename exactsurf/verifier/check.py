"""The whole certificate: its kind, and which rules check a claim of that kind (FORMAT.md, sections 1 and 3)."""

from __future__ import annotations

import os
from collections.abc import Callable
from fractions import Fraction

from .arithmetic.document import one_of, read_document
from .arithmetic.rational import Rational
from .claims.all_cells import check_all_cells
from .claims.all_valleys import check_all_valleys
from .claims.barrier import check_barrier, check_spurious_valley
from .claims.claim import Accepted, Note, Submission
from .claims.critical_box import ENDINGS, check_critical_box
from .claims.global_minimum import check_global_minimum, check_lower_bound
from .claims.path import check_path
from .claims.point import PHRASES, check_point
from .claims.smooth_point import PHRASES as SMOOTH_PHRASES
from .claims.smooth_point import check_smooth_point
from .claims.three_samples import KIND, check_three_samples

FORMATS = ("exactsurf-certificate/1", "exactsurf-certificate/2")

Check = Callable[[Submission], tuple[str, Rational | None]]
"""Checks a whole certificate, field by field; its sentence, and the risk it states if it states one."""

CLAIMS: dict[str, Check] = {
    **dict.fromkeys(PHRASES, check_point),
    **dict.fromkeys(ENDINGS, check_critical_box),
    KIND: check_three_samples,
    **dict.fromkeys(SMOOTH_PHRASES, check_smooth_point),
    "all cells": check_all_cells,
    "lower bound": check_lower_bound,
    "global minimum": check_global_minimum,
    "path": check_path,
    "barrier": check_barrier,
    "spurious valley": check_spurious_valley,
    "all valleys": check_all_valleys,
}


def verify(document: bytes, *, data_folder: str | os.PathLike[str] | None = None, note: Note | None = None) -> Accepted:
    """Check a certificate. Raises `Rejected`, which says where and why, unless everything holds.

    `data_folder` is where to look for a data file that the certificate names. `note` is called with one line for every
    step that was checked, as it happens.
    """
    checks: list[str] = []

    def done(line: str) -> None:
        checks.append(line)
        if note is not None:
            note(line)

    root = read_document(document)
    optional = ["parameters"] if root.has("parameters") else []  # claims about one point have them
    format_field, claim, *_ = root.fields("format", "claim", "problem", "evidence", *optional)
    version = 1 + FORMATS.index(one_of(format_field, FORMATS))
    kind = one_of(claim.required("kind"), tuple(CLAIMS))
    sentence, risk = CLAIMS[kind](Submission(root, kind, data_folder, done, version))
    return Accepted(kind, sentence, None if risk is None else Fraction(risk), tuple(checks))
