"""SOSP-CHECK on the worked example, on a flat minimum, and where samples are not in general position."""

from __future__ import annotations

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.papers import yun_2019_sosp
from exactsurf.search.catalogue import find_instance


def test_sosp_check_on_the_worked_example_and_on_a_flat_minimum() -> None:
    """Risk 5 at a point without a gradient: 'local minimum'; Yun's example A: no more than 'second-order stationary'."""
    for key, answer in (
        ("yun_2019_sosp.sharp_minimum", "local minimum"),
        ("yun_2019.example_a", "second-order stationary point"),
    ):
        found = find_instance(key)
        report = yun_2019_sosp.sosp_check_is_sound.examine(found.problem, found.parameters)
        assert report.status is Status.PROVED and report.conclusion.status is Status.PROVED
        assert f"SOSP-CHECK says {answer} " in report.conclusion.reason
        assert es.verify(report.conclusion.certificate.encoded).kind == "local minimum"


def test_general_position_names_the_samples() -> None:
    data = es.Data.from_arrays([[0, 0], [5, 1], [1, 1], [2, 2]], [0, 1, 0, 1])
    holds, witness, chosen = yun_2019_sosp.general_position(es.Problem(es.Network([2, 1, 1]), data))
    assert (holds, chosen) == (False, (0, 2, 3)) and "0, 2, 3" in witness
