"""Leaves of a sign tree within a signed cell: what is no cell, and what is not in it, is rejected (FORMAT.md, section 54)."""

from __future__ import annotations

import exactsurf as es
from tests.verifier.claims.test_enclosed_valleys_below import PENALISED, leaves, said
from tests.verifier.verdicts import golden, rejection


def test_a_unit_stands_once_in_an_order() -> None:
    document = golden(PENALISED, "accept_2")
    node = leaves(document, True)[0]
    node["order"] = [node["order"][0]] * 2
    assert rejection(document).reason == "a unit stands twice in the order"


def test_a_region_must_lie_within_a_cell_also_where_one_dual_vector_holds_on_more() -> None:
    # With equal labels the constant is nearly optimal, and one dual vector holds everywhere.
    data = es.Data.from_arrays([0, 1, 2], [1, 1, 1])
    for loss, decay in (("log_cosh", {}), ("log_cosh", {"weight_decay": 1})):
        problem = es.Problem(es.Network([1, 1, 1]), data, loss, **decay)
        document = es.certify_enclosed_valleys_below(es.enclosed_landscape(problem, below=1)).document()
        evidence = document["evidence"]
        dual = evidence["duals"].index(["0", "0", "0"])
        leaf = {"dual": 0, "point": 0, "order": [0]} | ({"forms": [[0, 1]]} if decay else {})
        evidence |= {"duals": [evidence["duals"][dual]], "nodes": [leaf]}
        if decay:
            forms = [{"dual": 0, "sign": sign, "region": [], "nodes": [{"slope": ["0", "0"]}]} for sign in (1, 0)]
            evidence["forms"] = forms
        said(document, rise="1")
        found = rejection(document)
        assert found.place == "evidence.nodes[0]" and "requires no sign" in found.reason
        halves = [leaf | ({"forms": [[own]]} if decay else {}) for own in (0, 1)]
        evidence["nodes"] = [{"split": [0], "plus": 1, "minus": 2}, *halves]
        found = rejection(document)
        assert found.place == "evidence.nodes[1]" and "is cut by breakpoint 0 on sample" in found.reason
