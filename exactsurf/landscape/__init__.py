"""The whole loss surface of a network with one hidden layer and scalar output: signed cells, merge tree, valleys, local minima.

The package is callable: ``exactsurf.landscape(problem)`` is `exactsurf.landscape.surface.landscape`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exactsurf.landscape.surface import Landscape
    from exactsurf.model.problem import Problem


class _CallablePackage(ModuleType):
    # The interface has es.landscape(problem), and Python binds that name to this package once a module of it is imported.
    def __call__(self, problem: Problem, **options: Any) -> Landscape:
        from exactsurf.landscape.surface import landscape

        return landscape(problem, **options)


sys.modules[__name__].__class__ = _CallablePackage
