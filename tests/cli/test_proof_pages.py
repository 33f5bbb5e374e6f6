"""The proofs that texts cite are at hand, in a source tree and in the wheel."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from exactsurf.cli.proof_pages import proofs_folder

ROOT = Path(__file__).parents[2]


def test_a_source_tree_has_them_at_its_root():
    assert proofs_folder() == ROOT / "proofs"


def test_a_wheel_has_them_beside_its_modules(tmp_path: Path, monkeypatch):
    import exactsurf.cli.proof_pages as module

    (tmp_path / "exactsurf/proofs").mkdir(parents=True)
    monkeypatch.setattr(module, "__file__", str(tmp_path / "exactsurf/cli/proof_pages.py"))
    assert proofs_folder() == tmp_path / "exactsurf/proofs"


def test_whatever_is_cited_goes_into_the_wheel():
    cited = {
        match
        for path in (ROOT / "exactsurf").rglob("*.py")
        for match in re.findall(r"\bproofs/([\w/]+\.\w+)", path.read_text(encoding="utf-8"))
    }
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert "/proofs/**/*.md" in wheel["include"] and wheel["sources"] == {"proofs": "exactsurf/proofs"}
    assert "/proofs/golden/accept/xor.json" in wheel["include"]
    others = {name for name in cited if not name.endswith(".md")}
    # The Coq files of `show --coq` and the literature lie beside the modules that read them.
    assert len(cited) > 15 and {name for name in others if not name.startswith("formal/")} <= {"references.bib"}
