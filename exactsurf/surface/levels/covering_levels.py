"""Few levels whose dual vectors bound the risk on many cones at once, and the short numbers of certificates about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.errors import InputError, UnsupportedError
from exactsurf.surface.levels.enclosed_landscape import AnyEnclosedLandscape, EnclosedLandscape
from exactsurf.surface.levels.enclosed_sublevel import EnclosedSublevelLandscape
from exactsurf.surface.levels.enclosure import Enclosure
from exactsurf.surface.levels.level import Level
from exactsurf.surface.levels.short_duals import short_between, shortened, spare

_ZERO = Fraction(0)


def check_span(land: AnyEnclosedLandscape, kinds: tuple[type, ...] = (EnclosedLandscape, EnclosedSublevelLandscape)) -> None:
    """Refuse what certificates about valleys with enclosed levels do not take.

    Exactness: exact. Raises: `InputError` for anything but a landscape of these kinds; `UnsupportedError` if there is weight
    decay and the inputs do not span their space. Source: proofs/FORMAT.md, section 30.
    """
    if not isinstance(land, kinds):
        names = " or ".join(kind.__name__ for kind in kinds)
        raise InputError(
            f"this certificate about valleys with enclosed levels needs an {names}",
            text=type(land).__name__,
            fix="take es.enclosed_landscape(problem, below=level)"
            if kinds == (EnclosedSublevelLandscape,)
            else "take es.enclosed_landscape(problem)",
        )
    if land.problem.decay is not None and land.work.table.lineality:
        raise UnsupportedError("the inputs do not span their space", "leave out inputs that depend on others")


@dataclass(frozen=True)
class Wanted:
    """A level that dual vectors should show, and how much less is enough: nothing where it is exact, else half its width."""

    level: Fraction
    slack: Fraction

    @staticmethod
    def of(land: AnyEnclosedLandscape, level: Enclosure, other: Fraction | None = None) -> Wanted:
        """The lower end of a level, told from a lower number if that is given."""
        slack = land.work.width * (abs(level.low) or 1) / 4
        if other is not None:
            slack = min(land.work.width * abs(level.low), level.low - other) / 4
        return Wanted(level.low, _ZERO if level.is_exact else slack)


def covering_levels(land: AnyEnclosedLandscape, cones: Iterable[int], wanted: Wanted) -> list[Level]:
    """Few levels whose dual vectors together hold on all of these cones, over which the risk is at least the level.

    Exactness: exact. Raises: nothing. Source: proofs/enclosed_levels.md, lemma 1.
    """
    rest = sorted(cones)
    goal = wanted.level - 2 * wanted.slack
    able = [level for level in land.levels if level.low >= wanted.level - wanted.slack]
    holding = [sum(1 << k for k, mask in enumerate(rest) if not mask & ~level.bounded) for level in able]
    found: list[Level] = []
    left = (1 << len(rest)) - 1
    while left:
        best = max(range(len(able)), key=lambda k: (holding[k] & left).bit_count(), default=None)
        if best is not None and holding[best] & left:
            found.append(shortened(land, able[best], goal))
            left &= ~holding[best]
            continue
        place = left.bit_length() - 1
        # Its own dual vector holds on a cone, whatever those of others do.
        found.append(shortened(land, land.work.levels.alone(rest[place]), goal))
        left &= ~(1 << place)
    return found


def least_bound(land: AnyEnclosedLandscape, levels: Sequence[Level], wanted: Wanted) -> Fraction:
    """A short number that the bounds of all of these levels reach, also as the verifier encloses them.

    Exactness: exact. Raises: nothing. Source: none needed.
    """
    least = min((level.low for level in levels), default=wanted.level)
    if land.problem.loss.is_piecewise_quadratic:
        return wanted.level if least >= wanted.level else short_between(least - wanted.slack, least)
    # An enclosure of the verifier has another radius.
    end = min(least, wanted.level) - spare(wanted.level)
    return short_between(end - wanted.slack - spare(wanted.level), end)


def short_above(risk: Fraction, room: Fraction | None = None) -> Fraction:
    """A short number a little above a risk, by half of the room at most, if that is given.

    Exactness: exact. Raises: nothing. Source: none needed.
    """
    little = spare(risk) if room is None else min(spare(risk), room)
    return short_between(risk + little, risk + 2 * little)
