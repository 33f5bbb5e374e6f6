"""Walls of the risk: where a pre-activation is at a breakpoint of the activation, or a gap at one of the loss."""

from __future__ import annotations

from dataclasses import dataclass

from exactsurf.model.problem import Problem


@dataclass(frozen=True, order=True)
class Wall:
    """The parameters at which a unit's pre-activation, or the gap of a term of the loss, is at a breakpoint.

    Attributes: `layer` from 1, the layer of the outputs standing for the loss; `unit` (or output), `samples` on which the wall is
    the same one, rising, and `breakpoint`, from 0. Exactness: indices only. Source: proofs/claims/minimum_on_walls.md.
    """

    layer: int
    unit: int
    samples: tuple[int, ...]
    breakpoint: int

    @property
    def sample(self) -> int:
        """The first of the samples."""
        return self.samples[0]

    @classmethod
    def of(cls, problem: Problem, layer: int, unit: int, sample: int, breakpoint: int) -> Wall:
        """The wall of a unit on a sample and all others with its inputs, for the loss also with its targets.

        >>> import exactsurf as es
        >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 0], [0, 1, 2]), "absolute")
        >>> Wall.of(problem, 1, 0, 2, 0), Wall.of(problem, 2, 0, 2, 0).samples
        (Wall(layer=1, unit=0, samples=(0, 2), breakpoint=0), (2,))
        """
        x, y = problem.data.x, problem.data.y
        of_loss = layer == problem.network.layers
        same = tuple(i for i, row in enumerate(x) if row == x[sample] and (not of_loss or y[i] == y[sample]))
        return cls(layer, unit, same, breakpoint)
