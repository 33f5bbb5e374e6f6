"""Tangents of flows that leave the risk as it is (FORMAT.md, section 4.3, the list of flows)."""

from __future__ import annotations

from fractions import Fraction

from .arithmetic.effort import spend
from .arithmetic.rational import Rational
from .problem import Point, Problem

Entries = dict[int, Rational]


def places(problem: Problem) -> list[list[list[int]]]:
    """[layer − 1][unit]: the numbers of the variables of a row of weights and, behind them, of its bias."""
    found, start = [], 0
    for below, above, bias in zip(problem.widths, problem.widths[1:], problem.biases, strict=False):
        shift = start + above * below
        found.append([[*range(start + j * below, start + (j + 1) * below), *([shift + j] if bias else [])] for j in range(above)])
        start = shift + above * bias
    return found


def size(problem: Problem) -> int:
    """The number of variables."""
    return sum((n + bias) * m for n, m, bias in zip(problem.widths, problem.widths[1:], problem.biases, strict=False))


def tangents(problem: Problem, point: Point) -> list[Entries]:
    """All tangents of the list; with weight decay that of section 38."""
    where = places(problem)
    if problem.decay is not None:
        return _tangents_with_decay(problem, point, where, problem.decay.biases)
    found: list[Entries] = []
    for layer in range(problem.hidden_layers):
        found += _rescalings(problem, point, where, layer)
        found += _shifts(problem, point, where, layer)
    for layer in range(problem.hidden_layers + 1):
        for unit in range(problem.widths[layer + 1]):
            found += _row_changes(problem, point, where, layer, unit)
    if problem.loss.gap in ("lead", "classes"):
        found += [dict.fromkeys(column, 1) for column in zip(*where[-1], strict=True)]
    return found


def _tangents_with_decay(problem: Problem, point: Point, where: list[list[list[int]]], penalises_biases: bool) -> list[Entries]:
    found: list[Entries] = []
    for layer in range(problem.hidden_layers):
        found += _rotations(problem, point, where, layer)
        if penalises_biases:
            continue
        found += _shifts(problem, point, where, layer)
        seen = _noticed(problem, point, layer)
        for unit in range(problem.widths[layer + 1]) if problem.biases[layer] else ():
            if all(_is_mute(problem, point, layer, unit, i) for i in seen):
                found.append({where[layer][unit][-1]: 1})
    if problem.loss.gap in ("lead", "classes") and problem.biases[-1] and not penalises_biases:
        found.append({row[-1]: 1 for row in where[-1]})
    return found


def _rotations(problem: Problem, point: Point, where: list[list[list[int]]], layer: int) -> list[Entries]:
    h, found, slopes = problem.activation, list[Entries](), dict[int, list[Rational]]()
    spend(problem.samples * problem.widths[layer + 1] ** 2)
    for j, unit in enumerate(point.forward.positions[layer]):
        # Where both slopes of a breakpoint are equal, so are the lines.
        if not any(h.is_kink(p) or h.intercepts[p // 2] for p in unit):
            slopes[j] = [h.right(p) for p in unit]
    for j, mine in slopes.items():
        for k in (k for k in slopes if k > j and slopes[k] == mine):
            entries: Entries = {}
            for to, other, sign in (j, k, 1), (k, j, -1):
                entries |= {p: sign * value for p, value in zip(where[layer][to], _row(point, layer, other), strict=True)}
                rows = zip(where[layer + 1], point.parameters.weights[layer + 1], strict=True)
                entries |= {above[to]: sign * row[other] for above, row in rows}
            found.append({p: value for p, value in entries.items() if value})
    return found


def _rescalings(problem: Problem, point: Point, where: list[list[list[int]]], layer: int) -> list[Entries]:
    h, found = problem.activation, []
    if h.breakpoints != [0] or any(h.intercepts):
        return []
    for j in range(problem.widths[layer + 1]):
        entries: Entries = {p: value for p, value in zip(where[layer][j], _row(point, layer, j), strict=True) if value}
        for places_above, row in zip(where[layer + 1], point.parameters.weights[layer + 1], strict=True):
            if row[j]:
                entries[places_above[j]] = -row[j]
        found.append(entries)
    return found


def _row(point: Point, layer: int, unit: int) -> list[Rational]:
    biases = point.parameters.biases[layer]
    return [*point.parameters.weights[layer][unit], *([] if biases is None else [biases[unit]])]


def _shifts(problem: Problem, point: Point, where: list[list[list[int]]], layer: int) -> list[Entries]:
    h, found = problem.activation, []
    if not (problem.biases[layer] and problem.biases[layer + 1]):
        return []
    for j, unit in enumerate(point.forward.positions[layer]):
        slopes = {h.left(p) for p in unit} | {h.right(p) for p in unit}
        if len(slopes) == 1 and not any(p % 2 and h.is_kink(p) for p in unit):
            (slope,) = slopes
            entries: Entries = {where[layer][j][-1]: 1}
            for places_above, row in zip(where[layer + 1], point.parameters.weights[layer + 1], strict=True):
                if slope * row[j]:
                    entries[places_above[-1]] = -slope * row[j]
            found.append(entries)
    return found


def _is_mute(problem: Problem, point: Point, layer: int, unit: int, sample: int) -> bool:
    h, position = problem.activation, point.forward.positions[layer][unit][sample]
    return not h.left(position) and not h.right(position)


def _noticed(problem: Problem, point: Point, layer: int) -> list[int]:
    """Samples such that every layer above this one has a unit that is not mute on them."""
    return [
        i
        for i in range(problem.samples)
        if all(
            any(not _is_mute(problem, point, above, unit, i) for unit in range(problem.widths[above + 1]))
            for above in range(layer + 1, problem.hidden_layers)
        )
    ]


def _row_changes(problem: Problem, point: Point, where: list[list[list[int]]], layer: int, unit: int) -> list[Entries]:
    hidden = layer < problem.hidden_layers
    spend(problem.samples * (sum(problem.widths[layer + 1 :]) + problem.widths[layer] + len(problem.x.denominators)))
    seen = _noticed(problem, point, layer)
    names: dict[tuple[int, ...], int] = {}
    for i in seen:
        if not (hidden and _is_mute(problem, point, layer, unit, i)):
            names.setdefault(tuple(problem.x.rows[i]), i)
    samples = list(names.values())
    columns = _readings(problem, point, layer, samples)
    own = where[layer][unit]
    found: list[Entries] = [{own[p]: 1} for p, column in enumerate(columns) if column is None]
    kept = [p for p, column in enumerate(columns) if column is not None]
    if not samples or not kept:
        return found
    table = [[column[n] for column in columns if column is not None] for n in range(len(samples))]
    alike = {}
    for j in range(problem.widths[layer + 1]) if hidden else ():
        if _can_take_over(problem, point, layer, unit, j, seen):
            alike[j] = _ratio(problem, point, layer, unit, j, samples)
    others = [j for j, ratio in alike.items() if ratio is None and j != unit]
    values = [
        [Fraction(-_value(point, layer + 1, j, i), _slope(problem, point, layer, unit, i)) for j in others] for i in samples
    ]
    pivots, reduced = _reduced([[*row, *right] for row, right in zip(table, values, strict=True)], len(kept))
    independent = len(pivots) == len(samples)
    if layer == 0 or independent:
        for free in range(len(kept)):
            if free not in pivots:
                entries: Entries = {own[kept[free]]: 1}
                entries |= {own[kept[p]]: -row[free] for p, row in zip(pivots, reduced, strict=False) if row[free]}
                found.append(entries)
    if independent:
        for position, j in enumerate(others, start=len(kept)):
            entries = {own[kept[p]]: row[position] for p, row in zip(pivots, reduced, strict=False) if row[position]}
            found.append(entries | _above(point, where, layer, unit, j))
    for j, ratio in alike.items():
        if ratio is not None:
            entries = {p: -ratio * value for p, value in zip(own, _row(point, layer, j), strict=True) if ratio * value}
            found.append(entries | _above(point, where, layer, unit, j))
    return found


def _above(point: Point, where: list[list[list[int]]], layer: int, unit: int, other: int) -> Entries:
    """The weights above `other` grow by those above `unit`."""
    rows = zip(where[layer + 1], point.parameters.weights[layer + 1], strict=True)
    return {places_above[other]: row[unit] for places_above, row in rows if row[unit]}


def _ratio(problem: Problem, point: Point, layer: int, unit: int, other: int, samples: list[int]) -> Fraction | None:
    """c if on all these samples `other` is c times the slope of `unit` times its pre-activation, and stays so; else None."""
    h, ratios = problem.activation, set()
    for i in samples:
        position = point.forward.positions[layer][other][i]
        if h.is_kink(position) or h.intercepts[position // 2]:
            return None
        ratios.add(Fraction(h.right(position), _slope(problem, point, layer, unit, i)))
    return ratios.pop() if len(ratios) == 1 else None


def _can_take_over(problem: Problem, point: Point, layer: int, unit: int, other: int, seen: list[int]) -> bool:
    """Whether `unit` is inside a piece wherever it is seen, and `other` is silent where it is mute."""
    for i in seen:
        if problem.activation.is_kink(point.forward.positions[layer][unit][i]):
            return False
        if _is_mute(problem, point, layer, unit, i) and not (
            _is_mute(problem, point, layer, other, i) and not _value(point, layer + 1, other, i)
        ):
            return False
    return True


def _slope(problem: Problem, point: Point, layer: int, unit: int, sample: int) -> Rational:
    slope = problem.activation.right(point.forward.positions[layer][unit][sample])
    return slope or 1  # 0 only where `unit` sits at a breakpoint, and then it takes nothing over


def _value(point: Point, layer: int, unit: int, sample: int) -> Fraction:
    """f^layer of a unit on a sample."""
    table = point.forward.inputs[layer]
    return Fraction(table.rows[sample][unit], table.denominators[unit])


def _readings(problem: Problem, point: Point, layer: int, samples: list[int]) -> list[list[Fraction] | None]:
    """What the rows of a layer read on some samples, one list for each entry; None if that is 0 and stays so."""
    columns: list[list[Fraction] | None] = []
    for p in range(problem.widths[layer]):
        values = [_value(point, layer, p, i) for i in samples]
        silent = not any(values) and (layer == 0 or all(_is_mute(problem, point, layer - 1, p, i) for i in samples))
        columns.append(None if silent else values)
    if problem.biases[layer]:
        columns.append([Fraction(1)] * len(samples) if samples else None)
    return columns


def _reduced(rows: list[list[Fraction]], width: int) -> tuple[list[int], list[list[Fraction]]]:
    """Pivots among the first `width` columns, and the reduced rows."""
    pivots: list[int] = []
    table = [list(row) for row in rows]
    spend(4 * len(rows) * sum(map(len, rows[:1])) * (1 + min(len(rows), width)))
    for column in range(width):
        top = len(pivots)
        choice = next((n for n in range(top, len(table)) if table[n][column]), None)
        if choice is None:
            continue
        table[top], table[choice] = table[choice], table[top]
        lead = table[top][column]
        table[top] = [Fraction(value, lead) for value in table[top]]
        for n, row in enumerate(table):
            if n != top and row[column]:
                factor = row[column]
                table[n] = [a - factor * b for a, b in zip(row, table[top], strict=True)]
        pivots.append(column)
    return pivots, table
