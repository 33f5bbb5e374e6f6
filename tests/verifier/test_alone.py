"""The verifier runs alone: from a zip, without site-packages, with the standard library only."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import exactsurf
from exactsurf.verifier import __main__ as command
from tests.verifier.examples import get
from tests.verifier.verdicts import encode

PACKAGE = Path(exactsurf.__file__).parent
SOURCES = sorted((PACKAGE / "verifier").rglob("*.py"))
ALLOWED = {
    *("__future__", "argparse", "bisect", "collections.abc", "contextlib", "dataclasses", "fractions", "functools", "hashlib"),
    *("contextvars", "importlib"),
    *("itertools", "json", "math", "operator", "os", "re", "stat", "sys", "typing", "zlib"),
}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_and_floats(source: Path) -> None:
    tree = ast.parse(source.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= ALLOWED
        elif isinstance(node, ast.ImportFrom):
            within = 1 <= node.level <= len(source.relative_to(PACKAGE / "verifier").parts)
            assert within != (node.level == 0 and node.module in ALLOWED)
            if node.module == "math":
                assert {alias.name for alias in node.names} <= {"comb", "gcd", "isqrt", "lcm"}
        elif isinstance(node, ast.Constant):
            assert not isinstance(node.value, float | complex)
        elif isinstance(node, ast.Name):
            assert node.id not in ("float", "complex", "round", "eval", "exec", "__import__")
        elif isinstance(node, ast.Attribute):
            assert node.attr not in ("set_int_max_str_digits", "limit_denominator")
        elif isinstance(node, ast.BinOp | ast.AugAssign):
            assert not isinstance(node.op, ast.Div)


def test_small_files() -> None:
    assert all(len(source.read_text(encoding="utf-8").splitlines()) < 300 for source in SOURCES)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "verifier.zip"
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.write(PACKAGE / "__init__.py", "exactsurf/__init__.py")
        for source in SOURCES:
            bundle.write(source, f"exactsurf/verifier/{source.relative_to(PACKAGE / 'verifier').as_posix()}")
    return path


RUN = "import sys, runpy; sys.path.insert(0, sys.argv.pop(1)); runpy.run_module('exactsurf.verifier', run_name='__main__')"


def run(archive: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-I", "-S", "-c", RUN, str(archive), *map(str, arguments)]
    return subprocess.run(line, capture_output=True, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"}, check=False)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(encode(get("example_a")))
    document = get("example_a")
    document["claim"]["risk"] = "1"
    bad.write_bytes(encode(document))
    return good, bad


def test_from_a_zip(archive: Path, files: tuple[Path, Path]) -> None:
    good, bad = files
    result = run(archive, good)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(f"accepted  {good}: The given parameters are a spurious local minimum of")
    result = run(archive, good, bad, "-v")
    assert (result.returncode, result.stderr) == (1, "")
    assert f"rejected  {bad}: claim.risk: " in result.stdout
    result = run(archive, good, archive.parent, archive.parent / "missing.json")
    assert result.returncode == 2
    assert result.stdout.count("\n") == 1
    assert "missing.json" in result.stderr


def test_it_loads_nothing_else(archive: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import exactsurf.verifier;"
        "print(*sorted(m for m in sys.modules if m.startswith('exactsurf')), 'argparse' in sys.modules)"
    )
    line = [sys.executable, "-I", "-S", "-c", code, str(archive)]
    output = subprocess.run(line, capture_output=True, text=True, check=True).stdout.split()
    assert output[-1] == "False"
    assert all(name == "exactsurf" or name.startswith("exactsurf.verifier") for name in output[:-1])


def test_lines(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = files
    assert command.main([str(good)]) == 0
    assert capsys.readouterr().out == (
        f"accepted  {good}: The given parameters are a spurious local minimum of the squared risk of the 1-2-1 network"
        " on 4 samples. Risk 3/4 ≈ 0.75\n"
    )
    assert command.main([str(bad)]) == 1
    assert capsys.readouterr().out == f"rejected  {bad}: claim.risk: the risk recomputed is 3/4 ≈ 0.75\n"
    assert command.main(["-v", str(good)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"checking  {good}"
    assert lines[1] == "  problem: 4 samples, 1-2-1 network, squared loss"
    assert lines[-2].startswith("  lower point 0: risk 21/32")
    assert lines[-1].startswith("accepted")


def test_json(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--json", "-v", *map(str, files)]) == 1
    first, second = json.loads(capsys.readouterr().out)
    assert list(first) == ["file", "accepted", "claim", "risk", "place", "reason", "checks"]
    assert (first["accepted"], first["place"], first["reason"]) == (True, None, None)
    assert first["risk"].startswith("3/4")
    assert len(first["checks"]) == 4
    assert (second["accepted"], second["claim"], second["place"]) == (False, None, "claim.risk")


def test_data_beside_the_certificate_or_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tests.verifier.arithmetic.test_data_file import PLAIN, with_file

    certificate = tmp_path / "certificate.json"
    certificate.write_bytes(encode(with_file(tmp_path, PLAIN)))
    assert command.main([str(certificate)]) == 0
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "data.csv").rename(tmp_path / "elsewhere" / "data.csv")
    capsys.readouterr()
    assert command.main([str(certificate)]) == 1
    assert "problem.data.csv.file" in (output := capsys.readouterr().out)
    assert "--data" in output
    assert command.main([str(certificate), "--data", str(tmp_path / "elsewhere")]) == 0


def test_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["--nonsense", "x"]):
        with pytest.raises(SystemExit) as caught:
            command.main(arguments)
        assert caught.value.code == 2
    assert capsys.readouterr().out == ""


def test_interrupt(files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "verify", interrupted)
    assert command.main([str(files[0])]) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_names_that_cannot_be_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a\nb\udcff.json"
    try:
        file.write_bytes(encode(get("xor")))
    except (OSError, UnicodeError):
        pytest.skip("this file system has no such names")
    assert command.main([str(file)]) == 0
    assert "a\\nb\\udcff.json" in capsys.readouterr().out
    assert command.main(["--json", str(file)]) == 0
    json.loads(capsys.readouterr().out)


def test_an_early_end_of_the_reader(archive: Path, files: tuple[Path, Path]) -> None:
    line = [sys.executable, "-I", "-S", "-c", RUN, str(archive), "-v", *[str(files[0])] * 50]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
