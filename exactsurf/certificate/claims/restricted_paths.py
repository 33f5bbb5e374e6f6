"""Certificates of claims about paths of values of the free parameters of a restricted problem, and about all its valleys."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.claims.free_tree import (
    PlacedNode,
    SidedNode,
    free_node_document,
    placed_node_of,
    sided_node_of,
)
from exactsurf.certificate.claims.restricted_point import AboutRestricted
from exactsurf.certificate.encoding import architecture, counted
from exactsurf.certificate.problem_document import named_risk, number_document, vector_document
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.restriction import restricted_problem_of
from exactsurf.certificate.reading.values import vector_of
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import brief, exact
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem

RESTRICTED_PATH = "path of a restricted risk"
RESTRICTED_BARRIER = "barrier of a restricted risk"
RESTRICTED_SPURIOUS_VALLEY = "spurious valley of a restricted risk"
RESTRICTED_ALL_VALLEYS = "all valleys of a restricted risk"
CLAIMS_ABOUT_RESTRICTED_PATHS = (RESTRICTED_PATH, RESTRICTED_BARRIER, RESTRICTED_SPURIOUS_VALLEY, RESTRICTED_ALL_VALLEYS)


@dataclass(frozen=True)
class _RestrictedClaim(AboutRestricted):
    """What these claims share: `restricted`, and how sentences name it."""

    restricted: RestrictedProblem

    @property
    def _free(self) -> str:
        return counted(self.restricted.restriction.dimension, "free parameter")

    @property
    def _where(self) -> str:
        return f"the {architecture(self.problem)} network on {counted(len(self.problem.data), 'sample')}"

    @property
    def _risk(self) -> str:
        return f"restricted {named_risk(self.problem, general=True)}"

    @abstractmethod
    def _parts(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Further fields of the claim, and the evidence."""

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        return self.stated(*self._parts())


@dataclass(frozen=True)
class SidedTree:
    """Why no path below a level leads from one side to the other.

    `nodes`: a tree over the free parameters whose leaves have a side or a bound; `walls`: trees over the walls where splits
    part the sides, in the order of the splits. Source: proofs/FORMAT.md, section 57.
    """

    nodes: tuple[SidedNode, ...]
    walls: tuple[tuple[SidedNode, ...], ...]

    def document(self) -> dict[str, Any]:
        """The fields of the evidence."""
        walls = [list(map(free_node_document, wall)) for wall in self.walls]
        return {"nodes": list(map(free_node_document, self.nodes)), "walls": walls}

    @classmethod
    def read(cls, evidence: dict[str, Any]) -> SidedTree:
        """From the evidence."""
        nodes = tuple(map(sided_node_of, evidence["nodes"]))
        return cls(nodes, tuple(tuple(map(sided_node_of, wall)) for wall in evidence["walls"]))


@dataclass(frozen=True)
class RestrictedPath(_RestrictedClaim):
    """The claim that a path through values of the free parameters stays at or below `level`; straight between its `points`.

    `embed` as in `problem_document`. Exactness: exact. Source: proofs/FORMAT.md, section 57; proofs/claims/restricted_paths.md.
    """

    level: Fraction
    points: tuple[Vector, ...]
    embed: bool | None = field(default=None, compare=False)
    kind: str = field(default=RESTRICTED_PATH, init=False)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        return (
            f"The given path of values of the {self._free} leads from its first point to its last at a {self._risk} of at "
            f"most {number_document(self.level)} of {self._where}."
        )

    def _parts(self) -> tuple[dict[str, Any], dict[str, Any]]:
        return {"level": number_document(self.level)}, {"path": list(map(vector_document, self.points))}

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> RestrictedPath:
        """The certificate from its JSON value and its problem."""
        level = exact(document["claim"]["level"])
        return cls(restricted_problem_of(document, problem), level, _path(document), embed=embeds_data(document))

    def __repr__(self) -> str:
        return f"RestrictedPath({brief(self.level)}, {counted(len(self.points) - 1, 'step')}, {self.restricted!r})"


@dataclass(frozen=True)
class RestrictedBarrier(_RestrictedClaim):
    """The claim that every path between the first and the last of the `points` reaches `level`, and this one no more.

    The path is as for `RestrictedPath`; the `tree` shows that none between the same ends stays below `level`. `embed` as in
    `problem_document`. Exactness: exact. Source: proofs/FORMAT.md, section 57; proofs/claims/restricted_paths.md.
    """

    level: Fraction
    points: tuple[Vector, ...]
    tree: SidedTree
    embed: bool | None = field(default=None, compare=False)
    kind: str = field(default=RESTRICTED_BARRIER, init=False)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        return (
            f"Every path of values of the {self._free} between the first and the last point of the given path reaches a "
            f"{self._risk} of at least {number_document(self.level)} of {self._where}, and the given path no more."
        )

    def _parts(self) -> tuple[dict[str, Any], dict[str, Any]]:
        path = list(map(vector_document, self.points))
        return {"level": number_document(self.level)}, {"path": path, **self.tree.document()}

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> RestrictedBarrier:
        """The certificate from its JSON value and its problem."""
        level, tree = exact(document["claim"]["level"]), SidedTree.read(document["evidence"])
        return cls(restricted_problem_of(document, problem), level, _path(document), tree, embed=embeds_data(document))

    def __repr__(self) -> str:
        return f"RestrictedBarrier({brief(self.level)}, {counted(len(self.points) - 1, 'step')}, {self.restricted!r})"


@dataclass(frozen=True)
class RestrictedSpuriousValley(_RestrictedClaim):
    """The claim that a spurious valley has its bottom at the first of the `points`, whose risk is `bottom`.

    No path below `level` leads from it to a lower risk, as the `tree` shows; the path through the points does, and reaches no
    more. `embed` as in `problem_document`. Exactness: exact.
    Source: proofs/FORMAT.md, section 57; proofs/claims/restricted_paths.md.
    """

    level: Fraction
    points: tuple[Vector, ...]
    tree: SidedTree
    bottom: Fraction
    embed: bool | None = field(default=None, compare=False)
    kind: str = field(default=RESTRICTED_SPURIOUS_VALLEY, init=False)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        return (
            f"The given values of the {self._free} are a bottom of a spurious valley of the {self._risk} of {self._where}: "
            f"every path from them to values of lower risk reaches at least {number_document(self.level)}, and one path no more."
        )

    def _parts(self) -> tuple[dict[str, Any], dict[str, Any]]:
        first, *path = map(vector_document, self.points)
        claim = {"risk": number_document(self.bottom), "barrier": number_document(self.level), "values": first}
        return claim, {"path": path, **self.tree.document()}

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> RestrictedSpuriousValley:
        """The certificate from its JSON value and its problem."""
        claim, tree = document["claim"], SidedTree.read(document["evidence"])
        points = (vector_of(claim["values"]), *_path(document))
        level, bottom = exact(claim["barrier"]), exact(claim["risk"])
        return cls(restricted_problem_of(document, problem), level, points, tree, bottom, embed=embeds_data(document))

    def __repr__(self) -> str:
        return f"RestrictedSpuriousValley({brief(self.level)}, {counted(len(self.points) - 1, 'step')}, {self.restricted!r})"


@dataclass(frozen=True)
class RestrictedAllValleys(_RestrictedClaim):
    """The claim that from everywhere a path that does not rise leads to one of the first `valleys` points.

    Each of the others leads straight to an earlier one (`leads_to`), and `nodes` are a tree whose leaves have a lowest point.
    `embed` as in `problem_document`. Exactness: exact. Source: proofs/FORMAT.md, section 57; proofs/claims/restricted_paths.md.
    """

    points: tuple[Vector, ...]
    leads_to: tuple[int, ...]
    nodes: tuple[PlacedNode, ...]
    embed: bool | None = field(default=None, compare=False)
    kind: str = field(default=RESTRICTED_ALL_VALLEYS, init=False)

    @property
    def valleys(self) -> int:
        """The number of valleys."""
        return len(self.points) - len(self.leads_to)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        return (
            f"From all values of the {self._free} some path on which the {self._risk} never rises above that of its beginning "
            f"leads to one of the first {counted(self.valleys, 'given point')}, for {self._where}."
        )

    def _parts(self) -> tuple[dict[str, Any], dict[str, Any]]:
        points = list(map(vector_document, self.points))
        nodes = list(map(free_node_document, self.nodes))
        claim = {"valleys": number_document(Fraction(self.valleys))}
        return claim, {"points": points, "leads_to": list(self.leads_to), "nodes": nodes}

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> RestrictedAllValleys:
        """The certificate from its JSON value and its problem."""
        evidence = document["evidence"]
        points, nodes = tuple(map(vector_of, evidence["points"])), tuple(map(placed_node_of, evidence["nodes"]))
        leads_to = tuple(evidence["leads_to"])
        return cls(restricted_problem_of(document, problem), points, leads_to, nodes, embed=embeds_data(document))

    def __repr__(self) -> str:
        return f"RestrictedAllValleys({counted(self.valleys, 'valley')}, {self.restricted!r})"


def _path(document: dict[str, Any]) -> tuple[Vector, ...]:
    return tuple(map(vector_of, document["evidence"]["path"]))
