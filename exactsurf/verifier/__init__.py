"""The independent certificate verifier of exactsurf.

It was written from proofs/FORMAT.md alone, uses the standard library only and shares no code with the rest of
exactsurf.
"""

from .arithmetic.document import Refused, Rejected
from .check import verify
from .submission import Accepted

__all__ = ["Accepted", "Refused", "Rejected", "verify"]
