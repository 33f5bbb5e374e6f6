"""Local forms and cone trees: exact non-negativity against the rays of the arrangement."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest

from exactsurf.certificate.rules.unitwise import EmptyLeaf, MultiplierLeaf, Split
from exactsurf.effort import Effort
from exactsurf.minima.local.cone_tree import ConeTree, TooManyCones, decide_nonnegative
from exactsurf.minima.local.local_form import Hyperplane, LocalForm, local_form
from tests import oracle
from tests.minima.planted import plant

F = Fraction


def value(form: LocalForm, delta: tuple[Fraction, ...]) -> Fraction:
    total = sum((a * b for a, b in zip(form.gradient, delta, strict=True)), F(0))
    for plane in form.hyperplanes:
        total += plane.kink * abs(sum((a * b for a, b in zip(plane.normal, delta, strict=True)), F(0)))
    return total


def is_nonnegative(form: LocalForm) -> bool:
    """F ≥ 0 everywhere exactly if it is on the generators of the cells, on each of which it is linear."""
    size = len(form.gradient)
    return all(value(form, ray) >= 0 for ray in oracle.rays([h.normal for h in form.hyperplanes], size))


def random_form(rnd: random.Random) -> LocalForm:
    size = rnd.randint(1, 4)
    normals: dict[tuple[Fraction, ...], None] = {}
    for _ in range(rnd.randint(0, 8 if size < 4 else 5)):
        vector = [F(rnd.randint(-2, 2)) for _ in range(size)]
        lead = next((v for v in vector if v), None)
        if lead:
            normals[tuple(v / lead for v in vector)] = None
    kinks = [F(rnd.choice((-2, -1, -1, 1, 2, 3, 4)), rnd.choice((1, 1, 2))) for _ in normals]
    if rnd.random() < 0.6:
        # Few and shallow concave walls among steep convex ones.
        few = rnd.randint(1, 4)
        kinks = [F(-1, 2) if k < few else F(rnd.randint(2, 6)) for k in range(len(normals))]
    gradient = [F(0)] * size
    for normal, kink in zip(normals, kinks, strict=True):
        # Most forms get a gradient that multipliers of about the right size explain: F is then near the border.
        mu = kink * F(rnd.choice((0, 0, 0, 1, -2, 3, 4, -4)), 4)
        gradient = [g + mu * u for g, u in zip(gradient, normal, strict=True)]
    if rnd.random() < 0.1:
        gradient[0] += rnd.choice((F(1), F(-1, 10**30)))
    planes = tuple(Hyperplane(10 * k, n, kink) for k, (n, kink) in enumerate(zip(normals, kinks, strict=True)))
    return LocalForm(tuple(gradient), planes)


def check_tree(form: LocalForm, tree: ConeTree) -> None:
    """The rules of proofs/FORMAT.md, section 4.2, node by node, with s = 1."""
    planes = {h.name: h for h in form.hyperplanes}
    size, visited = len(form.gradient), set()

    def combination(pairs: dict[int, Fraction], signs: dict[int, int]) -> list[Fraction]:
        return [sum((m * signs.get(c, 1) * planes[c].normal[p] for c, m in pairs.items()), F(0)) for p in range(size)]

    def visit(index: int, signs: dict[int, int]) -> None:
        assert index not in visited
        visited.add(index)
        node = tree.nodes[index]
        if isinstance(node, Split):
            assert node.hyperplane not in signs and node.hyperplane in planes
            assert index < node.plus and index < node.minus
            visit(node.plus, {**signs, node.hyperplane: 1})
            visit(node.minus, {**signs, node.hyperplane: -1})
            return
        pairs = dict(node.multipliers)
        assert len(pairs) == len(node.multipliers)
        if isinstance(node, EmptyLeaf):
            assert set(pairs) <= set(signs) and any(pairs.values()) and min(pairs.values()) >= 0
            assert not any(combination(pairs, signs))
            return
        assert isinstance(node, MultiplierLeaf)
        assert combination(pairs, {}) == list(form.gradient)
        for name, plane in planes.items():
            mu = pairs.get(name, F(0))
            if name in signs:
                assert signs[name] * mu + plane.kink >= 0
            else:
                assert abs(mu) <= plane.kink

    visit(0, {})
    assert visited == set(range(len(tree.nodes)))


@pytest.mark.slow
@pytest.mark.parametrize("block", range(4))
def test_cone_trees_decide(block: int) -> None:
    rnd, seen = random.Random(block), Counter[str]()
    for _ in range(400):
        form = random_form(rnd)
        answer = decide_nonnegative(form)
        expected = is_nonnegative(form)
        if isinstance(answer, ConeTree):
            assert expected, form
            check_tree(form, answer)
            seen["yes"] += 1
            seen["split"] += any(isinstance(node, Split) for node in answer.nodes)
            seen["empty"] += any(isinstance(node, EmptyLeaf) for node in answer.nodes)
        else:
            assert isinstance(answer, tuple) and not expected, form
            assert value(form, answer) < 0
            seen["no"] += 1
    assert seen["yes"] >= 80 and seen["no"] >= 80 and seen["split"] >= 20 and seen["empty"] >= 1, seen


def test_borders_are_decided_exactly() -> None:
    hair = F(1, 10**40)
    plane = Hyperplane(0, (F(1), F(0)), F(1))
    assert isinstance(decide_nonnegative(LocalForm((F(1), F(0)), (plane,))), ConeTree)
    for gradient in ((1 + hair, F(0)), (F(1), hair), (-1 - hair, F(0))):
        form = LocalForm(gradient, (plane,))
        delta = decide_nonnegative(form)
        assert isinstance(delta, tuple) and value(form, delta) < 0


def test_the_zero_form() -> None:
    zero = LocalForm((F(0), F(0)), ())
    assert zero.is_zero
    assert decide_nonnegative(zero) == ConeTree((MultiplierLeaf(()),))


def test_too_many_cones() -> None:
    # |x| + |y| − |x + y| needs two leaves.
    normals = ((F(1), F(0)), (F(0), F(1)), (F(1), F(1)))
    planes = tuple(Hyperplane(k, n, F(kink)) for k, (n, kink) in enumerate(zip(normals, (1, 1, -1), strict=True)))
    form = LocalForm((F(0), F(0)), planes)
    assert decide_nonnegative(form, effort=Effort(cones=1)) == TooManyCones(1)
    assert isinstance(decide_nonnegative(form, effort=Effort(cones=2)), ConeTree)


def test_local_forms_are_the_change_of_the_frozen_risk() -> None:
    """F(δ) = φ(w + δ) − φ(w) for short δ, with φ evaluated by loops."""
    rnd = random.Random(2)
    for _ in range(150):
        planted = plant(rnd)
        problem, theta = planted.problem, planted.theta
        forward = problem.forward(theta)
        r = problem.subdifferentials(forward.outputs)[0][0]
        h, has_bias = problem.network.activation, problem.network.biases[0]
        points = [(*x, F(1)) if has_bias else x for x in problem.data.x]
        for j, z in enumerate(forward.pre_activations[0]):
            form = local_form(problem, z, r)
            bias = theta.biases[0]
            w = (*theta.weights[0][j], bias[j]) if bias is not None else theta.weights[0][j]
            for _ in range(4):
                delta = tuple(F(rnd.randint(-3, 3), 1000) for _ in w)
                change = F(0)
                for r_i, x in zip(r.fractions(), points, strict=True):
                    moved = sum((a + d) * b for a, d, b in zip(w, delta, x, strict=True))
                    here = sum(a * b for a, b in zip(w, x, strict=True))
                    change += r_i * (oracle.activate(h, moved) - oracle.activate(h, here))
                assert value(form, delta) == form(delta) == change
            assert form.is_zero == (form == LocalForm((F(0),) * len(w), ()))
            assert len({h.normal for h in form.hyperplanes}) == len(form.hyperplanes)
