"""Sign trees that bound a risk with weight decay, with slopes at the leaves of forms (FORMAT.md, section 39)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .arithmetic.document import Field, at
from .arithmetic.effort import spend
from .arithmetic.rational import Rational
from .arithmetic.region_count import Effort
from .cell_list import UnitProblem
from .decay_duals import DecayDuals, Gains
from .dual_bounds import MAX_DUALS, Bound, check_cover
from .form_tree import walk_forms
from .sign_tree import check_named
from .submission import Note, counted
from .unit_cells import read_all_cells
from .unit_forms import UnitForm, UnitWalls, check_tree, side_of
from .weight_decay import WeightDecay


def check_decay_evidence(
    problem: UnitProblem,
    decay: WeightDecay,
    bound_of: Bound,
    problem_field: Field,
    evidence: Sequence[Field],
    bound: Rational,
    done: Note,
) -> str:
    """Check dual vectors with the list of all cells (two fields), or with forms and a tree (three); what they bound."""
    if len(evidence) == 2:
        cells_field, duals_field = evidence
        cells = read_all_cells(problem, cells_field, done)
        masks = DecayDuals(problem, decay, bound_of, problem_field, cells, bound).read(duals_field).masks
        check_cover(masks, len(duals_field.items()), problem, duals_field, Effort())
        return f"{counted(len(duals_field.items()), 'dual vector')} bound the risk on all signed cells"
    duals_field, forms_field, nodes = evidence
    count = check_decay_tree(problem, decay, bound_of, (problem_field, duals_field, forms_field, nodes), bound, done)
    return f"{counted(count, 'dual vector')} bound the risk at all parameters"


def check_decay_tree(
    problem: UnitProblem,
    decay: WeightDecay,
    bound_of: Bound,
    fields: tuple[Field, Field, Field, Field],
    bound: Rational,
    done: Note,
) -> int:
    """Check that dual vectors bound the risk at all parameters, by the tree; how many.

    `fields` are the problem, `duals`, `forms` and `nodes`.
    """
    *_, nodes = fields
    found = read_decay_forms(problem, decay, bound_of, fields[:3], bound, done)
    count = len(found.bounds)
    check_named(nodes, count, walk_forms(problem, nodes, found.forms, count, done))
    return count


@dataclass(frozen=True)
class DecayForms:
    """The bounds of dual vectors, forms that show where these hold, and the rays of the arrangement of a unit."""

    bounds: list[Fraction]
    forms: list[UnitForm]
    rays: RaysOnSides


def read_decay_forms(
    problem: UnitProblem, decay: WeightDecay, bound_of: Bound, fields: tuple[Field, Field, Field], bound: Rational, done: Note
) -> DecayForms:
    """Dual vectors, none with a bound below `bound`, and forms about them; `fields` are the problem, `duals` and `forms`."""
    problem_field, duals_field, forms_field = fields
    duals = DecayDuals(problem, decay, bound_of, problem_field, [], bound)
    entries = duals_field.items()
    if len(entries) > MAX_DUALS:
        raise duals_field.refuse(f"more than {MAX_DUALS} dual vectors are beyond the limits of this verifier")
    read = [duals.gains(entry) for entry in entries]
    done(f"{counted(len(duals.rays), 'ray')} of the arrangement of a unit")
    rays = RaysOnSides(duals)
    walls, gains = UnitWalls(problem), [own for _, own in read]
    forms = [_read_form(entry, duals, gains, rays, walls) for entry in forms_field.items()]
    done(f"{counted(len(forms), 'form')} of a unit, each proved on its region by slopes")
    return DecayForms([own for own, _ in read], forms, rays)


class RaysOnSides:
    """The rays (as bits) on the closed sides of walls."""

    def __init__(self, duals: DecayDuals) -> None:
        self.sides = duals.sides
        self.known: dict[tuple[int, int], int] = {}

    def within(self, walls: Mapping[tuple[int, int], int]) -> list[int]:
        """The rays that meet the requirements."""
        found = self.bits((sample, side) for (sample, _), side in walls.items())
        spend(1 + len(walls) + (len(self.sides) >> 3))
        return [k for k, digit in enumerate(reversed(bin(found)[2:])) if digit == "1"]

    def bits(self, required: Iterable[tuple[int, int]]) -> int:
        """The rays (as bits) on the closed sides of walls, each of a sample."""
        found = (1 << len(self.sides)) - 1
        for sample, side in required:
            found &= self._half(sample, side)
        return found

    def is_one_sided(self, rays: int, sample: int) -> bool:
        """Whether these rays lie on one closed side of the wall of a sample."""
        return any(not rays & ~self._half(sample, side) for side in (1, -1))

    def _half(self, sample: int, side: int) -> int:
        key = sample, side
        if key not in self.known:
            spend(len(self.sides))
            inside = [side * z[sample] >= 0 for z in self.sides]
            self.known[key] = sum(1 << k for k, bit in enumerate(inside) if bit)
        return self.known[key]


def _read_form(entry: Field, duals: DecayDuals, gains: Sequence[Gains], rays: RaysOnSides, walls: UnitWalls) -> UnitForm:
    dual, sign_field, region, nodes = entry.fields("dual", "sign", "region", "nodes")
    number, sign = dual.index(len(gains)), side_of(sign_field)

    def step(node: Field, sides: dict[tuple[int, int], int]) -> list[tuple[Field, dict[tuple[int, int], int]]]:
        if node.has("split"):
            split, plus, minus = node.fields("split", "plus", "minus")
            wall = walls.free(split, sides)
            return [(plus, {**sides, wall: 1}), (minus, {**sides, wall: -1})]
        (slope,) = node.fields("slope")
        with at(node.place):
            own = rays.within(sides)
        duals.check_slope(own, sign < 0, slope, gains[number])
        return []

    sides = {name: side_of(value) for name, (_, value) in walls.listed(region).items()}
    check_tree(nodes, sides, step)
    return UnitForm(number, sign, frozenset((*name, side) for name, side in sides.items()))
