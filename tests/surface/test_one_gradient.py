"""Cones of one gradient, against gradients found from nothing, and against the linear program for a point strictly inside."""

from __future__ import annotations

import random
from itertools import combinations_with_replacement, islice

import pytest

import exactsurf as es
from exactsurf.surface.minimal_strata import _good_strata
from exactsurf.surface.minimiser_face import FaceDimensions
from exactsurf.surface.one_gradient import OneGradient
from exactsurf.surface.strata_search import Ranks, StrataSearch
from tests.surface.test_minimal_strata import ACTIVATIONS, drawn
from tests.surface.test_surface_symmetries import made_symmetric

LOSSES = [es.squared, es.huber(1), es.huber("1/2"), es.squared_hinge, es.smoothed_hinge]


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
def test_against_minima_from_nothing_and_linear_programs(loss: es.Loss) -> None:
    source = random.Random(repr(loss))
    answers = set()
    for _ in range(30):
        general = source.random() < 0.5 and not loss.is_of_labels
        instance = drawn(source, loss, source.choice(ACTIVATIONS)) if general else made_symmetric(source, loss)
        if not any(any(row) for row in instance.data.x):
            continue
        land = es.landscape(instance, workers=1)
        minima, known = land.work.minima, Ranks(FaceDimensions(land.work.minima), {})
        for key in land.residuals[:6]:
            good = _good_strata(minima, key[1:])
            every = 0
            for face, sign in good:
                every |= minima.mask(minima.table.faces[face].generators, sign) if sign else 0
            if not good or minima.gradient_key(minima.cold_cones.minimum(every)) != key:
                continue
            search = StrataSearch(land, good, [()] * len(good), known)
            cones = OneGradient(minima, every, known.independent)
            within = dict(search.within(cones))
            choices = list(combinations_with_replacement(range(len(search.first)), search.units))
            for chosen in islice(choices, 40):
                mask = search.mask(chosen)
                has_it = minima.gradient_key(minima.cold_cones.minimum(mask)) == key
                fit = cones.fit(mask)
                assert (fit is not None) == has_it
                assert not has_it or within[chosen] == mask
                if fit is not None:
                    used = cones.is_all_used(mask, fit)
                    answers.add(used)
                    assert used is None or used == search.is_inside(chosen, minima.gradient_of_key(key))
            assert list(within) == [chosen for chosen in choices if chosen in within]
    assert answers == ({True, False, None} if loss.is_squared else {None})
