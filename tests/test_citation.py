"""CITATION.cff says what the package says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import exactsurf

ROOT = Path(__file__).parents[1]


def test_the_citation_file_agrees_with_the_package():
    fields = dict(re.findall(r"^([a-z-]+): (.+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert fields["cff-version"] == "1.2.0"
    assert (fields["title"], fields["license"]) == (project["name"], project["license"])
    assert fields["version"] == exactsurf.__version__
    assert fields["repository-code"] == project["urls"]["Source"]
    assert fields["url"] == project["urls"]["Documentation"]
    assert fields["abstract"] == project["description"]
    assert {"message", "abstract", "type"} <= set(fields)
