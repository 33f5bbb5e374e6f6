"""The independent certificate verifier of exactsurf.

It was written from proofs/FORMAT.md alone, uses the standard library only and shares no code with the rest of
exactsurf.
"""

from .arithmetic.document import Rejected
from .check import verify
from .claims.claim import Accepted

__all__ = ["Accepted", "Rejected", "verify"]
