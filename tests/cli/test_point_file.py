"""Where subcommands about a point find it, and where they write its certificate."""

from __future__ import annotations

from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.cli.point_file import certificate_file, read_point
from tests.cli.test_polish import problem_file


def test_a_folder_takes_files_of_several_subjects(tmp_path: Path):
    names = [certificate_file(tmp_path, Path("a/xor.toml"), about).name for about in ("", "regions")]
    assert names == ["xor.certificate.json", "xor.regions.certificate.json"]
    assert certificate_file(Path("x.json.gz"), Path("xor.json")) == Path("x.json.gz")
    (tmp_path / "folder.json").mkdir()
    assert certificate_file(tmp_path / "folder.json", Path("xor.json")).parent == tmp_path / "folder.json"


def test_a_file_without_parameters_has_no_point(tmp_path: Path):
    with pytest.raises(es.InputError, match="there is no point to ask about"):
        read_point(problem_file(tmp_path, "none.json"), "no point to ask about")
