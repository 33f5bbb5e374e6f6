"""The answer of the proved checker to the bytes of a certificate."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from . import checker
from .syntax import TooLong, Tree, names_another_format, syntax_tree

_check: Callable[[Tree], str] = checker.check


class Verdict(Enum):
    """Accepted is a theorem of proofs/formal/Soundness.v; the other two claim nothing."""

    ACCEPTED = "accepted by the proved checker"
    REJECTED = "rejected by the proved checker"
    UNKNOWN = "the proved checker does not know this rule"


_VERDICTS = {"Accepted": Verdict.ACCEPTED, "Rejected": Verdict.REJECTED, "Unknown": Verdict.UNKNOWN}


def judge(document: bytes) -> Verdict:
    """What the proved checker says of a certificate; unknown also stands for what is beyond its limits of size.

    >>> judge(b"{}")
    <Verdict.REJECTED: 'rejected by the proved checker'>
    """
    try:
        tree = syntax_tree(document)
    except TooLong:
        return Verdict.UNKNOWN
    except ValueError:
        return Verdict.REJECTED
    verdict = _VERDICTS[_check(tree)]
    # The proofs are about format 1; of another format they say nothing, not even that it is wrong.
    return Verdict.UNKNOWN if verdict is Verdict.REJECTED and names_another_format(document) else verdict
