"""What an accepted certificate says about a network as a function of its inputs. Nothing is decided or checked here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from exactsurf.certificate.reading.claim_view import Point, activation_view, point_view
from exactsurf.model.activation import Activation


@dataclass(frozen=True)
class NetworkView:
    """A certificate about inputs, read.

    Attributes: as in proofs/FORMAT.md, section 34; `inputs`, how many the claim is about, None for all.
    Exactness: exact. Source: proofs/FORMAT.md.
    """

    kind: str
    widths: tuple[int, ...]
    biases: tuple[bool, ...]
    activation: Activation
    parameters: Point
    inputs: int | None

    @property
    def hidden_layers(self) -> int:
        """L."""
        return len(self.widths) - 2

    @property
    def outputs(self) -> int:
        """The number of outputs."""
        return self.widths[-1]


def network_view(document: dict[str, Any]) -> NetworkView:
    """Read the parsed JSON document of a certificate that the verifier has accepted.

    Parameters: `document`. Returns: a `NetworkView`. Exactness: every number passes through `exact`.
    Raises: `KeyError` and the like for documents that the verifier would reject. Source: proofs/FORMAT.md.
    """
    problem = document["problem"]
    biases = tuple(problem["biases"])
    return NetworkView(
        document["claim"]["kind"],
        tuple(problem["widths"]),
        biases,
        activation_view(document),
        point_view(document["parameters"], biases),
        len(problem["inputs"]) if "inputs" in problem else None,
    )
