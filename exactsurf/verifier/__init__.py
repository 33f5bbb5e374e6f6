"""The independent certificate verifier of exactsurf.

It was written from proofs/FORMAT.md alone, uses the standard library only and shares no code with the rest of
exactsurf.
"""

from .check import verify
from .claim import Accepted
from .document import Rejected

__all__ = ["Accepted", "Rejected", "verify"]
