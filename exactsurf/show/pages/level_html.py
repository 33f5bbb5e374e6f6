"""Levels on pages: exact numbers or enclosures, and the axis of all levels, with those that are not told apart."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from html import escape

from exactsurf.exact.number import approximate, to_text
from exactsurf.show.text.html_formula import formula
from exactsurf.show.text.numeral import numeral
from exactsurf.surface.levels.enclosed_landscape import EnclosedLandscape
from exactsurf.surface.levels.enclosure import Enclosure

_LONGEST = 80  # letters of two ends that are written out, at most


def level_text(level: Fraction | Enclosure) -> str:
    """A level in plain text: a number as `numeral` writes it, an enclosure by its middle and its radius.

    Parameters: a level. Exactness: what is rounded stands behind ≈. Raises: nothing. Source: none.

    >>> import exactsurf as es
    >>> from fractions import Fraction
    >>> level_text(es.Enclosure(Fraction(1, 3), Fraction(1, 3))), level_text(es.Enclosure(Fraction(1), Fraction(3)))
    ('1/3', '2 ± 1')
    """
    if isinstance(level, Fraction):
        return numeral(level)
    return numeral(level.low) if level.is_exact else level.ball.text


def level_html(level: Fraction | Enclosure) -> str:
    """A level as HTML; an enclosure tells its two ends where they are short.

    Parameters: a level. Exactness: as `level_text`. Raises: nothing. Source: none.

    >>> import exactsurf as es
    >>> from fractions import Fraction
    >>> level_html(es.Enclosure(Fraction(1), Fraction(3)))
    '<span title="between 1 and 3">2 ± 1</span>'
    """
    if isinstance(level, Fraction) or level.is_exact:
        return formula(level_text(level))
    ends = f"between {to_text(level.low)} and {to_text(level.high)}"
    told = f' title="{escape(ends)}"' if len(ends) <= _LONGEST else ""
    return f"<span{told}>{escape(level_text(level))}</span>"


def level_ticks(land: EnclosedLandscape, levels: Sequence[Fraction]) -> list[str]:
    """What stands at levels of an axis: exact numbers, others behind ≈, and a mark where levels are not told apart.

    Parameters: `levels`, lower ends of runs. Exactness: as `level_text`. Raises: nothing. Source: none.
    """
    tied = {run.enclosure.low for run in land.runs if run.is_tie}
    found = []
    for level in levels:
        enclosure = land.enclosure(level)
        short = enclosure.is_exact and len(to_text(level)) <= 8
        text = to_text(level) if short else f"≈ {approximate((enclosure.low + enclosure.high) / 2, 5)}"
        found.append(text + (" ⁓" if level in tied else ""))
    return found


def level_axis(land: EnclosedLandscape) -> str:
    """All levels at which valleys are born or join, lowest first, as a table: enclosures, and ties.

    Parameters: `land`. Returns: HTML. Exactness: the order is proved; numbers behind ≈ are rounded. Raises: nothing.
    Source: proofs/enclosed_levels.md.
    """
    born: dict[Fraction, list[str]] = {}
    for place, valley in enumerate(land.valleys):
        born.setdefault(land.merges.nodes[valley.node].level, []).append(str(place))
    joins: dict[Fraction, list[str]] = {}
    leaf_of = {valley.node: str(place) for place, valley in enumerate(land.valleys)}
    for k, node in enumerate(land.merges.nodes):
        if node.children:
            joined = [leaf_of[leaf] for leaf in land.merges.leaves_under(k) if leaf in leaf_of]
            joins.setdefault(node.level, []).append(", ".join(joined))
    rows = []
    for run in land.runs:
        low = run.enclosure.low
        if low not in born and low not in joins:
            continue
        names_here = born.get(low, [])
        happens = [f"valley{'s' * (len(names_here) > 1)} {', '.join(names_here)}"] if names_here else []
        for names in joins.get(low, []):
            happens.append(f"{names} join" if "," in names else f"copies of {names} join")
        tie = f"tie: not told apart, within {approximate(run.enclosure.width, 2)}" if run.is_tie else ""
        rows.append(f"<tr><td>{level_html(run.enclosure)}</td><td>{escape('; '.join(happens))}</td><td>{escape(tie)}</td></tr>")
    head = "<tr><th>level</th><th>valleys</th><th></th></tr>"
    return f'<div class="table"><table><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table></div>'
