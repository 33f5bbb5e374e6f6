"""Proved answers about numbers: rationals in and out, linear algebra, linear systems with bounds.

The interface has ``es.exact("1/2")``, and Python binds that name to this package as soon as one of its modules is loaded; so the
package can be called, and is then `exactsurf.exact.number.exact`.
"""

import sys
from fractions import Fraction
from types import ModuleType

from exactsurf.exact.number import Exact, exact, exact_float, to_text

__all__ = ["exact", "exact_float", "to_text"]


class _CallablePackage(ModuleType):
    def __call__(self, value: Exact, where: str = "") -> Fraction:
        return exact(value, where)


sys.modules[__name__].__class__ = _CallablePackage
