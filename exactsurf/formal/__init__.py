"""The checker whose soundness is proved in Coq (proofs/formal/), as plain Python: standard library only, apart from all else."""

from .verdict import Verdict, judge

__all__ = ["Verdict", "judge"]
