"""The answer of the proved checker to the bytes of a certificate."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path

from . import checker
from .syntax import TooLong, Tree, syntax_tree

_check: Callable[[Tree], str] = checker.check


class Verdict(Enum):
    """Accepted is a theorem of proofs/formal/Soundness.v; the other two claim nothing."""

    ACCEPTED = "accepted by the proved checker"
    REJECTED = "rejected by the proved checker"
    UNKNOWN = "the proved checker does not know this rule"


_VERDICTS = {"Accepted": Verdict.ACCEPTED, "Rejected": Verdict.REJECTED, "Unknown": Verdict.UNKNOWN}


def judge(document: bytes, data_folder: Path | None = None) -> Verdict:
    """What the proved checker says of a certificate; unknown also stands for what is beyond its limits of size.

    `data_folder` is where a data file that it names is looked for (OSError if there is none); without it, such certificates
    are not known.

    >>> judge(b"{}")
    <Verdict.REJECTED: 'rejected by the proved checker'>
    """
    try:
        tree = syntax_tree(document, data_folder)
    except TooLong:
        return Verdict.UNKNOWN
    except ValueError:
        return Verdict.REJECTED
    return _VERDICTS[_check(tree)]
