"""The page that checks certificates in a browser: what it runs, what it says, and what hostile files can do to it."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.show.certificates import html_page
from tests.docs.browser import BROWSER, Tab, tab

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "proofs/golden"
STATE = "document.documentElement.dataset.state"


@pytest.fixture(scope="module")
def build() -> Iterator[object]:
    sys.path.insert(0, str(ROOT / "docs/referee"))
    try:
        import build

        yield build
    finally:
        sys.path.remove(str(ROOT / "docs/referee"))


def test_its_python_needs_the_standard_library_only(build, tmp_path: Path):
    """Every golden certificate is accepted and told in the words that exactsurf itself uses, from the page's own sources."""
    (tmp_path / "sources.zip").write_bytes(build.sources())
    files = [file for file in sorted((GOLDEN / "accept").glob("*.json")) if "csv" not in file.stem][::4]
    script = """
import json, sys
sys.path.insert(0, sys.argv[1])
import referee
for file in sys.argv[2:]:
    document = open(file, "rb").read()
    report = json.loads(referee.check(document, [], [], 0, len))
    print(json.dumps([report["status"], referee.exposition(document)]))
"""
    command = [sys.executable, "-I", "-S", "-c", script, str(tmp_path / "sources.zip"), *map(str, files)]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    told = 0
    for file, line in zip(files, run.stdout.splitlines(), strict=True):
        status, words = json.loads(line)
        document = json.loads(file.read_text(encoding="utf-8"))
        expected = html_page(document).partition("<h2>Check it again</h2>")[0]
        assert status == "accepted" and (words.startswith(expected) or "exactsurf show" in words), file
        told += words.startswith(expected)
    assert told > len(files) * 9 // 10


@pytest.fixture(scope="module")
def page(build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    if BROWSER is None or sys.platform == "win32":
        pytest.skip("needs Chromium, and pipes to it")
    if shutil.which("npm") is None:
        pytest.skip("needs npm, which fetches Pyodide")
    folder = tmp_path_factory.mktemp("page")
    try:
        files = build.pyodide(Path(tempfile.gettempdir()) / "exactsurf-npm")
    except subprocess.CalledProcessError:
        pytest.skip("npm cannot fetch Pyodide")
    document = build.page(files)
    assert len(document.encode()) <= 15_000_000
    (folder / "referee.html").write_text(document, encoding="utf-8")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, tab(Path(profile)) as opened:
        opened.visit((folder / "referee.html").as_uri())
        opened.wait(f"{STATE} === 'ready'", 120)
        yield opened


def answer(page: Tab, *files: Path) -> tuple[str, str]:
    """Choose files; how the check ends, and all that the page says then."""
    page.run("document.documentElement.dataset.state = 'ready'")
    page.choose("#files", list(files))
    page.wait(f"!['ready', 'checking'].includes({STATE})", 120)
    return page.run(STATE), page.run("document.querySelector('#verdict').innerText")


@pytest.mark.slow
def test_accepted_with_every_check_and_the_proof(page: Tab):
    file = GOLDEN / "accept/example_a.json"
    state, said = answer(page, file)
    result = es.verify(file)
    assert state == "accepted" and result.sentence in said and str(result.risk) in said
    assert page.run("[...document.querySelectorAll('#checks li')].map((line) => line.textContent)") == list(result.checks)
    page.wait("document.documentElement.dataset.text")
    assert "∎" in page.run("document.querySelector('#exposition').shadowRoot.textContent")
    page.wait("document.querySelector('#second').textContent === 'Accepted by the proved checker.'")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "verdict", "second"),
    [
        ("accept/xor.json", "accepted", "Accepted by the proved checker."),
        ("reject/convex_cells_pair_twice.json", "rejected", "Rejected by the proved checker."),
        ("reject/second_order_kink_missing.json", "rejected", "Rejected by the proved checker."),
        ("reject/products_other_leaf.json", "rejected", "The proved checker does not know this rule."),
        ("accept/global_xor.json", "accepted", "The proved checker does not know this rule."),
        ("reject/cycle.json", "rejected", "Rejected by the proved checker."),
    ],
)
def test_the_proved_checker_answers_beside_the_verifier(page: Tab, file: str, verdict: str, second: str):
    assert answer(page, GOLDEN / file)[0] == verdict
    page.wait("!document.querySelector('#second').textContent.includes('at work')")
    assert page.run("document.querySelector('#second').textContent") == second


@pytest.mark.slow
def test_two_checkers_that_disagree_are_said_to(page: Tab):
    assert answer(page, GOLDEN / "accept/xor.json")[0] == "accepted"
    page.wait("!document.querySelector('#second').textContent.includes('at work')")
    page.run("telling.proved({answer: 'rejected by the proved checker'})")
    assert "disagree" in page.run("document.querySelector('#second').textContent")
    page.run("telling.proved({answer: 'the proved checker does not know this rule'})")
    assert "disagree" not in page.run("document.querySelector('#second').textContent")


@pytest.mark.slow
def test_what_is_nested_too_deeply_is_answered_in_words(page: Tab, tmp_path: Path):
    for depth in (2_000, 20_000):
        file = tmp_path / "deep.json"
        file.write_text('{"format": "exactsurf-certificate/1", "claim": ' + "[" * depth + "]" * depth + "}", encoding="utf-8")
        state, said = answer(page, file)
        assert state in {"rejected", "refused"} and ("nested" in said or state == "rejected"), (depth, said)
    assert answer(page, GOLDEN / "accept/xor.json")[0] == "accepted"


@pytest.mark.slow
def test_a_data_file_beside_it(page: Tab):
    certificate, data = GOLDEN / "accept/example_a_csv.json", GOLDEN / "accept/example_a.csv"
    assert answer(page, certificate, data)[0] == "accepted"
    page.wait("!document.querySelector('#second').textContent.includes('at work')")
    assert page.run("document.querySelector('#second').textContent") == "Accepted by the proved checker."
    state, said = answer(page, certificate)
    assert state == "rejected" and "no such data file" in said


@pytest.mark.slow
@pytest.mark.parametrize("file", sorted((GOLDEN / "reject").glob("*.json"))[::25], ids=lambda file: file.stem)
def test_rejected_at_the_place_that_the_verifier_names(page: Tab, file: Path):
    with pytest.raises(es.RejectedCertificate) as error:
        es.verify(file)
    state, said = answer(page, file)
    assert state in {"rejected", "refused"}
    assert page.run("document.querySelector('#sentence').textContent") in str(error.value) and "Accepted" not in said


@pytest.mark.slow
def test_hostile_files_are_not_accepted_and_do_not_stop_the_page(page: Tab, tmp_path: Path):
    true = (GOLDEN / "accept/xor.json").read_text(encoding="utf-8")
    hostile = {
        "bomb.json.gz": gzip.compress(b" " * 200_000_000, 9),
        "deep.json": b"[" * 200_000 + b"]" * 200_000,
        "digits.json": true.replace('"1/2"', f'"{"9" * 1_000_000}/7"', 1).encode(),
        "markup.json": b'{"format": "<img src=x onerror=alert(1)>"}',
        "empty.json": b"",
        "torn.json": true[: len(true) // 2].encode(),
    }
    for name, content in hostile.items():
        (tmp_path / name).write_bytes(content)
        state, said = answer(page, tmp_path / name)
        assert state in {"rejected", "refused", "broken"} and "Accepted" not in said, name
        assert not page.run("document.querySelectorAll('main img').length")
    assert answer(page, GOLDEN / "accept/xor.json")[0] == "accepted"


@pytest.mark.slow
def test_a_check_can_be_stopped_and_nothing_is_asked_of_a_network(page: Tab, tmp_path: Path):
    page.run("document.querySelector('#true').click(); document.querySelector('#stop').click()")
    assert page.run(STATE) == "stopped"
    page.run("document.querySelector('#false').click()")
    page.wait(f"{STATE} === 'rejected'", 120)
    page.run("document.querySelector('#true').click()")
    page.wait(f"{STATE} === 'accepted'")
    assert {address.partition(":")[0] for address in page.requests} <= {"file", "data"}
    assert page.run("fetch('https://example.org').then(() => 'sent', () => 'forbidden')") == "forbidden"


@pytest.mark.slow
def test_no_answer_about_one_certificate_stands_beside_another(page: Tab):
    """The proved checker and the words of the first are still at work when the second is chosen."""
    page.run("document.querySelector('#true').click()")
    page.wait(f"{STATE} === 'accepted'", 120)
    page.run("document.querySelector('#false').click()")
    page.wait(f"{STATE} === 'rejected'", 120)
    page.wait("!document.querySelector('#second').textContent.includes('at work')")
    page.run("new Promise((resolve) => setTimeout(resolve, 2000))")
    assert page.run("document.querySelector('#second').textContent") == "Rejected by the proved checker."
    assert page.run("document.querySelector('#text').hidden")
