"""exactsurf verify, papers and the program's frame."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.verifier.arithmetic import effort


@pytest.fixture
def certificate(run, tmp_path: Path) -> Path:
    assert run("counterexample", "xor", "-t", "y").status == 0
    return tmp_path / "xor.certificate.json"


def test_accepted_and_line_by_line(run, certificate: Path):
    quiet, loud = run("verify", certificate), run("verify", certificate, "-v")
    assert quiet.status == loud.status == 0
    assert quiet.out.startswith("accepted")
    assert len(loud.out.splitlines()) > len(quiet.out.splitlines())


def test_one_changed_digit_is_rejected_with_its_field(run, certificate: Path):
    document = json.loads(certificate.read_text())
    assert document["claim"]["risk"] == "1/2"
    document["claim"]["risk"] = "1/3"
    certificate.write_text(json.dumps(document))
    result = run("verify", certificate)
    assert result.status == 1
    assert "claim.risk" in result.out
    as_json = run("verify", certificate, "--json").json
    assert as_json["accepted"] is False
    assert as_json["certificates"][0]["field"] == "claim.risk"


def test_several_files_one_bad(run, certificate: Path, tmp_path: Path):
    (tmp_path / "junk.json").write_text("{")
    result = run("verify", certificate, tmp_path / "junk.json")
    assert result.status == 1
    assert [line.split()[0] for line in result.out.splitlines()] == ["accepted", "rejected"]


def test_a_missing_file_is_bad_input(run):
    ended = run("verify", "no.json")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("error: no.json: cannot be read")


def test_after_an_unreadable_file_the_others_are_checked(run, certificate: Path, tmp_path: Path):
    result = run("verify", "no.json", certificate, tmp_path)
    assert (result.status, result.out.split()[0], len(result.err.splitlines())) == (2, "accepted", 2)
    (tmp_path / "junk.json").write_text("{")
    both = ["no.json", tmp_path / "junk.json", certificate]
    alone = [sys.executable, "-m", "exactsurf.verifier", *map(str, both)]
    assert run("verify", *both).status == subprocess.run(alone, capture_output=True, timeout=60).returncode == 2
    listed = run("verify", "no.json", certificate, "--json").json
    assert listed["accepted"] is False
    assert [entry["accepted"] for entry in listed["certificates"]] == [False, True]
    assert "cannot be read" in listed["certificates"][0]["error"]


def test_papers_lists_and_explains(run):
    assert "yun_2019.theorem_1" in run("papers").out
    explained = run("papers", "yun_2019.theorem_1")
    assert explained.status == 0
    assert "C1.4" in explained.out
    assert "@inproceedings" in explained.out
    assert run("papers", "yun_2019", "--json").json["theorems"][0]["key"] == "yun_2019.theorem_1"
    unknown = run("papers", "yun_2019.theorem_7")
    assert unknown.status == 2
    assert "did you mean" in unknown.err


def test_help_version_and_unknown_commands(run):
    assert "counterexample" in run("--help").out
    assert run("--version").out.startswith("exactsurf ")
    assert run("conterexample").status == 2


def test_shell_completion_comes_from_the_library(run):
    assert "--install-completion" in run("--help").out


def test_python_dash_m(tmp_path: Path):
    run = subprocess.run([sys.executable, "-m", "exactsurf", "papers", "--json"], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout)["theorems"]


def test_what_takes_too_much_is_refused_and_not_called_rejected(run, certificate: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(effort, "FIRST_STEPS", 10)
    monkeypatch.setattr(effort, "STEPS_PER_BYTE", 0)
    result = run("verify", certificate)
    assert result.status == 1 and result.out.startswith(f"refused   {certificate}: ") and ": :" not in result.out
    assert "--effort" in result.out
    answer = run("verify", certificate, "--json").json
    assert answer["certificates"][0]["refused"] and not answer["certificates"][0]["accepted"]
    with pytest.raises(es.RejectedCertificate, match="refused at") as caught:
        es.verify(certificate)
    assert caught.value.refused
