"""What a certificate about inputs says of its network."""

from __future__ import annotations

from pathlib import Path

from exactsurf.certificate.read import document_of
from exactsurf.certificate.reading.network_view import network_view

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept"


def test_the_view_has_the_network() -> None:
    view = network_view(document_of((GOLDEN / "dimension_batch.json").read_bytes()))
    assert (view.widths, view.hidden_layers, view.outputs, view.inputs) == ((2, 2, 2, 1), 2, 1, 4)
    over_all = network_view(document_of((GOLDEN / "equal_functions.json").read_bytes()))
    assert (over_all.inputs, over_all.kind, over_all.biases) == (None, "equal functions", (True, True))
