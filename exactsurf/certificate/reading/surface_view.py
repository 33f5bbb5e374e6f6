"""What an accepted certificate about a whole surface says, as frozen values. Nothing is decided or checked here."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsurf.certificate.reading.claim_view import ClaimView, Point, Texts, activation_view, point_view, stated
from exactsurf.exact.number import exact
from exactsurf.model.activation import Activation

_NUMBERS = ("risk", "level", "barrier", "bound", "floor", "rise", "bottom")


@dataclass(frozen=True)
class SurfaceView(ClaimView):
    """A certificate about all parameters or about paths, read.

    See proofs/FORMAT.md, sections 6 to 9, 12, 20, 29 to 31, 39, 46, 49 and 54.

    Attributes: as in the format. `numbers` of the claim (risk, level, barrier, bound, floor, rise, bottom) by name, where they
    are no pairs of bounds; `counts` of
    cells and valleys; `parameters`, the point of the claim, if it has one; `points` of a path or a list of valleys; `cells`, the
    pieces and the witness of each; `duals`, by sample; `nodes` of a sign tree; `forms`, how many forms of a unit prove its
    leaves; `tree`, the nodes of a tree for several outputs or hidden layers, whose dual vectors have a
    row for each sample. Exactness: exact. Source: proofs/FORMAT.md.
    """

    activation: Activation
    numbers: dict[str, Fraction]
    counts: dict[str, int]
    parameters: Point
    points: tuple[Point, ...]
    leads_to: tuple[int, ...]
    cells: tuple[tuple[str, tuple[str, ...]], ...]
    duals: Texts
    nodes: tuple[dict[str, Any], ...]
    forms: int
    tree: tuple[dict[str, Any], ...]


def surface_view(document: dict[str, Any]) -> SurfaceView:
    """Read the parsed JSON document of a certificate that the verifier has accepted.

    Parameters: `document`. Returns: a `SurfaceView`. Exactness: every number passes through `exact`.
    Raises: `KeyError` and the like for documents that the verifier would reject. Source: proofs/FORMAT.md.
    """
    claim, evidence, biases = document["claim"], document["evidence"], tuple(document["problem"]["biases"])
    counts = ("valleys", "cells", "cells_per_unit", "cells_modulo_permutation")
    points = evidence.get("path", evidence.get("points", ()))
    return SurfaceView(
        **stated(document),
        activation=activation_view(document),
        numbers={name: exact(claim[name]) for name in _NUMBERS if isinstance(claim.get(name), str)},
        counts={name: int(exact(claim[name])) for name in counts if name in claim},
        parameters=point_view(document["parameters"], biases) if "parameters" in document else (),
        points=tuple(point_view(point, biases) for point in points),
        leads_to=tuple(evidence.get("leads_to", ())),
        cells=tuple((pieces, tuple(witness)) for pieces, witness in evidence.get("cells", ())),
        duals=tuple(map(tuple, evidence.get("duals", ()))),
        nodes=tuple(evidence.get("nodes", ())),
        forms=len(evidence.get("forms", ())),
        tree=tuple(evidence.get("tree", ())),
    )
