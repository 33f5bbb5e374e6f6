"""Sign vectors as keys: 64 signs to a machine word, ordered as the sign vectors are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Keys = NDArray[np.uint64]


def sign_keys(bits: NDArray[np.bool_], offset: int, words: int) -> NDArray[np.uint64]:
    """Rows of booleans as keys: column j becomes bit offset + j, counted from the highest bit of the first word.

    So the order of keys is the lexicographic order of the rows. Parameters: `bits`, N × m. Returns: N × `words`.
    """
    import numpy as np

    shift = offset % 8
    if shift:
        bits = np.concatenate((np.zeros((len(bits), shift), dtype=bool), bits), axis=1)
    packed = np.packbits(bits, axis=1)
    table = np.zeros((len(bits), words * 8), dtype=np.uint8)
    table[:, offset // 8 : offset // 8 + packed.shape[1]] = packed
    return table.view(">u8").astype(np.uint64)


def comparable(keys: NDArray[np.uint64]) -> NDArray[Any]:
    """Keys as a one-dimensional array with the same order: one word is a number, several are a byte string."""
    import numpy as np

    if keys.shape[1] == 1:
        return keys[:, 0]
    return np.ascontiguousarray(keys.astype(">u8")).view(f"S{8 * keys.shape[1]}")[:, 0]


def prefixes(keys: Keys, length: int) -> Keys:
    """The keys of the first `length` signs."""
    import numpy as np

    masks = [max(0, min(64, length - 64 * word)) for word in range(keys.shape[1])]
    return keys & np.array([(1 << 64) - (1 << (64 - bits)) for bits in masks], dtype=np.uint64)


def among(keys: Keys, wanted: Keys) -> NDArray[np.bool_]:
    """Which keys are among the sorted, different and at least one `wanted` keys."""
    import numpy as np

    ordered, have = comparable(wanted), comparable(keys)
    place = np.searchsorted(ordered, have)
    place[place == len(ordered)] = 0
    return np.asarray(ordered[place] == have)


def division(keys: Keys, limit: int, level: int, last: int) -> tuple[int, NDArray[np.intp]] | None:
    """The first (k, places) with `level` < k ≤ `last` such that sorted keys have more than `limit` prefixes of length k.

    The places are where these begin. None if there is no such k.
    """
    import numpy as np

    shared = shared_lengths(keys)
    counts = 1 + np.cumsum(np.bincount(shared, minlength=last + 1))
    # Two neighbours have different prefixes of length k if they share fewer than k signs.
    found = next((k for k in range(level + 1, last + 1) if counts[k - 1] > limit), None)
    return None if found is None else (found, np.concatenate(([0], np.flatnonzero(shared < found) + 1)))


def shared_lengths(keys: Keys) -> NDArray[np.uint16]:
    """How many leading signs each key has in common with the next one; neighbours differ."""
    import numpy as np

    found = np.zeros(len(keys) - 1, dtype=np.uint16)
    for begin in range(0, len(found), 1 << 16):
        part = slice(begin, min(begin + (1 << 16), len(found)))
        different = np.ascontiguousarray(keys[part] ^ keys[part.start + 1 : part.stop + 1])
        word = np.argmax(different != 0, axis=1)
        rest = np.take_along_axis(different, word[:, None], axis=1)[:, 0]
        zeros = np.zeros(len(rest), dtype=np.uint16)
        for step in (32, 16, 8, 4, 2, 1):
            # No bit among the first `step`: they are shifted out and counted.
            empty = rest >> np.uint64(64 - step) == 0
            rest = np.where(empty, rest << np.uint64(step), rest)
            zeros += (step * empty).astype(np.uint16)
        found[part] = 64 * word + zeros
    return found
