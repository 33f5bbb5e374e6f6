"""Windows against a list of all of them: places, entries that are read, entries that never are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from exactsurf.model.windows import Windows


@given(
    st.integers(1, 7),
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(1, 3),
    st.booleans(),
)
def test_one_axis_by_brute_force(n: int, k: int, s: int, b: int, a: int, d: int, is_ceil: bool) -> None:
    """Windows start at multiples of the stride and end inside; with `is_ceil` one more reaches beyond the end, and the last
    one is left out if it begins in the padding behind, as in PyTorch."""
    windows = Windows((n,), (k,), (s,), (b,), (a,), (d,), is_ceil)
    assert windows.left[0] == n + b + a - (d * (k - 1) + 1)
    if windows.left[0] < 0:
        return
    starts = range(0, n + b + a + s, s)
    ends = [start + d * (k - 1) for start in starts]
    inside = [start for start, end in zip(starts, ends, strict=True) if end < n + b + a]
    beyond = [start for start in starts if start not in inside]
    expected = inside + (beyond[:1] if is_ceil and windows.left[0] % s else [])
    if is_ceil and expected[-1] >= n + b:
        expected.pop()
    assert windows.places == (len(expected),)
    read = [dict(windows.read(at)) for at in windows.points()]
    every = [{(e,): (start - b + d * e,) for e in range(k) if 0 <= start - b + d * e < n} for start in expected]
    assert read == every
    assert windows.idle(0) == [e for e in range(k) if not any((e,) in one for one in every)]


@given(st.tuples(st.integers(1, 4), st.integers(1, 4)), st.integers(0, 3), st.integers(0, 3))
def test_places_are_numbered_as_they_are_listed(size: tuple[int, int], i: int, j: int) -> None:
    windows = Windows(size, (1, 1), (1, 1), (0, 0), (0, 0), (1, 1))
    assert [windows.index(place) for place in windows.points()] == list(range(size[0] * size[1]))
    assert windows.covered((0, 0)) == 1
