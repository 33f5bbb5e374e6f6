"""Reading LaTeX back: groups, environments, mathematics and the numbers in it."""

from __future__ import annotations

import re
from fractions import Fraction

ENVIRONMENT = re.compile(r"\\(begin|end)\{(\w+)\}")
FIT = r"""\providecommand{\fitline}[1]{\begingroup
\setbox0=\hbox{#1}\ifdim\wd0>\linewidth\resizebox{\linewidth}{!}{\box0}\else\box0\fi\endgroup}"""
NUMBER = re.compile(r"(-?)(?:\\t?frac\{(\d+)\}\{(\d+)\}|(\d+)(?:/(\d+))?)")


def assert_well_formed(source: str) -> None:
    """Braces, environments and mathematics open and close; special characters stand only where they have a meaning."""
    assert source.isascii()
    source = source.replace(FIT, "")
    depth = 0
    for character in re.sub(r"\\[\\{}]", "", source):
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    open_environments = []
    for kind, name in ENVIRONMENT.findall(source):
        if kind == "begin":
            open_environments.append(name)
        else:
            assert open_environments.pop() == name
    assert open_environments == []
    assert source.count("\\[\n") == source.count("\n\\]")
    comments = [line for line in source.splitlines() if line.startswith("%")]
    assert len(comments) <= 1
    body = source.removeprefix("".join(comments))
    assert not re.search(r"(?<!\\)[%#~\"]", body)
    alignments = re.sub(r"\\begin\{(tabular|pmatrix|cases)\}.*?\\end\{\1\}", "", body, flags=re.DOTALL)
    assert not re.search(r"(?<!\\)&", alignments)
    assert not re.search(r"(?<!\\)[_^]", without_mathematics(body))


def without_mathematics(source: str) -> str:
    """What is left outside of $…$ and displays."""
    source = source.replace(r"\$", "")
    source = re.sub(r"\\\[\n.*?\n\\\]", "", source, flags=re.DOTALL)
    assert source.count("$") % 2 == 0
    return re.sub(r"\$[^$]*\$", "", source)


def number(text: str) -> Fraction:
    """The value of an integer or fraction in TeX."""
    match = NUMBER.fullmatch(text.strip().strip("$"))
    assert match, text
    value = Fraction(int(match[2]), int(match[3])) if match[2] else Fraction(int(match[4]), int(match[5] or 1))
    return -value if match[1] else value


def rows(body: str) -> list[list[Fraction]]:
    """The rows of a matrix or table."""
    lines = [line for line in re.split(r"\\\\(?:\[2pt\])?", body) if line.strip()]
    return [[number(cell) for cell in line.split("&")] for line in lines]


def matrices(source: str) -> list[tuple[str, list[list[Fraction]]]]:
    """All matrices: ("W1", rows), …"""
    found = re.findall(r"([Wb])_\{(\d+)\} = \\begin\{pmatrix\}(.*?)\\end\{pmatrix\}", source, flags=re.DOTALL)
    return [(letter + layer, rows(body)) for letter, layer, body in found]


def tables(source: str) -> list[list[list[Fraction]]]:
    """The bodies of all tables of numbers."""
    bodies = re.findall(r"\\hline(.*?)\\end\{tabular\}", source, flags=re.DOTALL)
    return [rows(body) for body in bodies if "(" not in body]
