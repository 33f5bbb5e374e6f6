"""Citations lead somewhere: every cited page exists, and has the section, theorem, label or heading that is cited."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "proofs").rglob("*.md"), *(ROOT / "docs").rglob("*.md")]
CODE = [path for folder in ("exactsurf", "tests", "benchmarks", "notebooks") for path in (ROOT / folder).rglob("*.py")]
SOURCES = sorted(path for path in (*PAGES, *CODE) if path != Path(__file__))

_PAGE = re.compile(r"(?<![\w/.\\-])((?:\.\.?/)*(?:\w+/)*\w+\.md)\b")
_LINK = re.compile(r"\[[^\]\[]*\]\(([^)\s#]+)[^)\s]*\)")
_NUMBERS = r"(\d+(?:\.\d+)*(?:(?:, | and |, and | to )\d+(?:\.\d+)*)*)"
_SECTIONS = re.compile(rf"[Ss]ections? {_NUMBERS}")
_THEOREMS = re.compile(r"[Tt]heorems? ([A-Z]′?(?:(?:, | and )[A-Z]′?)*)(?!\w)")
_LABELS = re.compile(r"\b(A\d(?:\.\d)?|ML\d|B)(?=[\s.,;:)(]|$)")
_RULES = re.compile(r"\brules? (\d(?: and \d)*)")
_HEADING = re.compile(r'^, "([^"]+)"')


@cache
def prose(path: Path) -> tuple[str, ...]:
    """The text of a page; of a program its comments and those strings that are sentences, with lines joined."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return tuple(" ".join(_LINK.sub(r"\1", block).split()) for block in re.split(r"\n\s*\n", text))
    found, comments = [], ""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            comments += token.string.lstrip("#")
        elif token.type == tokenize.STRING and " " in token.string.strip():
            found.append(" ".join(token.string.split()).rstrip('"'))
        elif comments and token.type not in (tokenize.NL, tokenize.NEWLINE):
            found.append(comments)
            comments = ""
    return (*found, comments)


@cache
def page_of(name: str, cited_in: Path) -> Path | None:
    """The page that a citation means: beside the text, from the root, or a page of proofs by its name alone."""
    for folder in (
        cited_in.parent,
        ROOT,
        ROOT / "proofs",
        ROOT / "proofs/rules",
        ROOT / "proofs/claims",
        ROOT / "docs",
        ROOT / "exactsurf/model",
    ):
        if (folder / name).is_file():
            return (folder / name).resolve()
    return None


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@cache
def numbers_of(page: Path) -> frozenset[str]:
    """The numbers of sections."""
    return frozenset(re.findall(r"^(?:#+ |\*\*)(\d+(?:\.\d+)*)[. ]", text_of(page), re.MULTILINE))


def missing_in(page: Path, citation: str) -> Iterator[str]:
    """What the citation, the words from the name of the page up to the next one, names and the page does not have."""
    text = text_of(page)
    for match in _SECTIONS.finditer(citation):
        yield from (f"section {n}" for n in re.findall(r"\d+(?:\.\d+)*", match[1]) if n not in numbers_of(page))
    if page.name == "theory.md":
        names = [name for match in _THEOREMS.finditer(citation) for name in re.findall("[A-Z]′?", match[1])]
        yield from (f"theorem {n}" for n in names if not re.search(rf"^(?:#+ .*|\*\*)Theorem {n}[ :.*(]", text, re.MULTILINE))
    if page.name == "papers.md":
        head = re.split(r": | = ", citation)[0]
        yield from (label for label in _LABELS.findall(head) if not re.search(rf"^#+ {re.escape(label)}[. ]", text, re.MULTILINE))
        named = [word for group in re.findall(r"\(([^()]*)", head) for word in re.findall(r"\b[A-Z][^\W\d_]{3,}", group)]
        yield from (word for word in named if word not in text)
    if page.name == "CONTRIBUTING.md":
        for match in _RULES.finditer(citation):
            yield from (f"rule {n}" for n in re.findall(r"\d", match[1]) if not re.search(rf"^{n}\. \*\*", text, re.MULTILINE))
    heading = _HEADING.match(citation)
    quoted = re.escape(heading[1]) if heading else ""
    if heading and not re.search(rf"^(?:#+ (?:\d+\. )?{quoted}$|\*\*{quoted}\b)", text, re.MULTILINE):
        yield f'"{heading[1]}"'


def broken(text: str, cited_in: Path) -> Iterator[str]:
    """The citations in a text that lead nowhere."""
    found = list(_PAGE.finditer(text))
    ends = [*(match.start() for match in found[1:]), len(text)]
    for match, end in zip(found, ends, strict=False):
        if match[1].endswith("reference/commands.md") or match[1] == "commands.md":
            continue
        page = page_of(match[1], cited_in)
        if page is None:
            yield f"no page {match[1]}"
            continue
        citation = re.split(r"; |\. (?=[A-Z>])|(?<!al)\.$", text[match.end() : end])[0]
        yield from (f"{match[1]} has no {what}" for what in missing_in(page, citation))
    for folder in re.findall(r"\bproofs/(\w+)(?![\w./*])", text):
        if not (ROOT / "proofs" / folder).is_dir():
            yield f"no folder proofs/{folder}"


def test_citations_lead_somewhere() -> None:
    faults = [(str(path.relative_to(ROOT)), what) for path in SOURCES for text in prose(path) for what in broken(text, path)]
    assert faults == []


def test_the_citations_are_found() -> None:
    counts = dict.fromkeys(("theory.md", "papers.md", "FORMAT.md"), 0)
    for path in SOURCES:
        for text in prose(path):
            for match in _PAGE.finditer(text):
                counts[Path(match[1]).name] = counts.get(Path(match[1]).name, 0) + 1
    assert counts["theory.md"] > 150 and counts["papers.md"] > 70 and counts["FORMAT.md"] > 100


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("Source: theory.md, sections 3, 5 and 6; papers.md, A5 (Freeman and Bruna).", 0),
        ("Source: theory.md, theorems A and C and section 6; theory.md, theorem B′; theorem Z.", 0),
        ("Source: theory.md, section 9, and theorem D.", 2),
        ("Source: theory.md, theorem A.2 (v_j = 0); theory.md, theorem B.", 0),
        ("Source: theory.md, sections 2 and 8.9.", 1),
        ("Source: papers.md, section 7 (Freeman), ML4.", 2),
        ("Source: papers.md, A5 (Nobody and Bruna).", 1),
        ("Source: design.md, the interface.", 1),
        ('Source: README.md, "Numbers"; README.md, "Nowhere"; CONTRIBUTING.md, rules 2 and 7.', 2),
        ("proofs/he_2020 and proofs/he_2021; proofs/FORMAT.md, sections 4.2 and 4.99.", 2),
    ],
)
def test_a_broken_citation_is_told(text: str, faults: int) -> None:
    assert len(list(broken(text, ROOT / "exactsurf/minima/decide.py"))) == faults
