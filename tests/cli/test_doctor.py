"""exactsurf doctor: what it finds, and what it says when something is broken."""

from __future__ import annotations

import pytest

from exactsurf.cli import doctor as module
from exactsurf.cli import self_test
from exactsurf.cli.doctor import Requirement, requirements, run_checks
from exactsurf.errors import InternalError

METADATA = [
    "numpy>=1.26",
    "python-flint>=99.1",
    'exactsurf[test] ; extra == "dev"',
    "torch (>=2.2) ; extra == 'torch'",
    'pandas; python_version < "4" and extra == "tables"',
    "surely-not-installed>=1 ; extra == 'nothing'",
]


def test_everything_is_fine_here(run):
    result = run("doctor", "--json")
    assert result.status == 0
    assert result.json["fine"] is True
    assert [check["check"] for check in result.json["self_test"]] == list(self_test.CHECKS)
    installed = {entry["package"]: entry["installed"] for entry in result.json["dependencies"]}
    import flint

    assert installed["python-flint"] == flint.__version__


def test_requirements_are_read_from_the_metadata(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module.metadata, "requires", lambda name: METADATA)
    monkeypatch.setattr(module, "_version", {"numpy": "2.4.6", "python-flint": "0.9.0", "torch": "2.13.0+cpu"}.get)
    found = requirements()
    assert found == [
        Requirement("numpy", ">=1.26", "", "2.4.6"),
        Requirement("python-flint", ">=99.1", "", "0.9.0"),
        Requirement("torch", ">=2.2", "torch", "2.13.0+cpu"),
        Requirement("pandas", "", "tables", None),
        Requirement("surely-not-installed", ">=1", "nothing", None),
    ]
    assert [r.is_met for r in found] == [True, False, True, False, False]


def test_versions_are_compared_by_number():
    assert Requirement("a", ">=1.9", "", "1.10").is_met
    assert not Requirement("a", ">=1.10", "", "1.9").is_met
    assert Requirement("a", "~=0.17.6", "", "0.17.6rc1").is_met


def test_an_old_dependency_and_missing_extras(run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module.metadata, "requires", lambda name: METADATA)
    monkeypatch.setattr(module, "CHECKS", {})
    result = run("doctor")
    assert result.status == 1
    assert "pip install 'python-flint>=99.1'" in result.out
    assert "pip install 'exactsurf[nothing]'" in result.out
    assert "something is wrong" in result.out


def test_missing_extras_alone_are_fine(run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module.metadata, "requires", lambda name: METADATA[:1] + METADATA[-1:])
    monkeypatch.setattr(module, "CHECKS", {})
    result = run("doctor", "--json")
    assert result.status == 0
    (extra,) = result.json["extras"]
    assert extra["fine"] is False and extra["install"] == "pip install 'exactsurf[nothing]'"


def test_a_failing_check_is_named_with_its_reason(run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(self_test, "count_cells", lambda problem: 63)
    result = run("doctor")
    assert result.status == 1
    assert "InternalError" in result.out and "there are 64 cells, not 63 (counted) or 64 (listed)" in result.out
    broken = [outcome.name for outcome in run_checks(self_test.CHECKS, lambda name: None) if outcome.problem]
    assert broken == ["cells are counted, listed and have their polynomials"]


def test_a_verifier_that_accepts_everything_is_noticed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(self_test, "verify", lambda content: None)
    with pytest.raises(InternalError, match="wrong risk"):
        self_test.check_tampering()


def test_without_being_installed(run, monkeypatch: pytest.MonkeyPatch):
    def missing(name: str) -> list[str]:
        raise module.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(module.metadata, "requires", missing)
    monkeypatch.setattr(module, "CHECKS", {})
    result = run("doctor")
    assert result.status == 0
    assert "not installed as a package" in result.out
