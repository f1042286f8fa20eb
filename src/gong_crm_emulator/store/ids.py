"""The ids that Gong gives."""

from __future__ import annotations

import random
import string
from typing import Final

_LETTERS: Final = string.ascii_lowercase + string.digits
_SHORT: Final = 7 / 75


class RequestIds:
    """Request ids as Gong makes them: 18 or 19 lower-case letters and digits, the shorter in 7 of 75 answers."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._random = random.Random(seed)  # noqa: S311  (ids that repeat under a seed, no secret)

    def reset(self) -> None:
        """Begin anew."""
        self._random.seed(self._seed)

    def take(self) -> str:
        """Make the next one."""
        length = 18 if self._random.random() < _SHORT else 19
        return "".join(self._random.choices(_LETTERS, k=length))
