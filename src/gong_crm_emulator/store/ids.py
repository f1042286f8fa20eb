"""The ids that Gong gives."""

from __future__ import annotations

import random
import string
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_LETTERS: Final = string.ascii_lowercase + string.digits
_SHORT: Final = 7 / 75


class Ids:
    """Request ids and integration ids: others at every start, unless a seed makes them repeat."""

    def __init__(self, seed: int | None) -> None:
        self._seed = seed
        self._requests = random.Random(seed)  # noqa: S311  (ids that may repeat under a seed, no secret)
        self._integrations = random.Random(seed)  # noqa: S311  (same)

    def reset(self) -> None:
        """Begin anew under a seed; without one no id comes twice."""
        if self._seed is not None:
            self._requests.seed(self._seed)
            self._integrations.seed(self._seed)

    def request_id(self) -> str:
        """Make 18 or 19 lower-case letters and digits, the shorter in 7 of 75 cases, as recorded."""
        length = 18 if self._requests.random() < _SHORT else 19
        return "".join(self._requests.choices(_LETTERS, k=length))

    def integration_id(self, is_taken: Callable[[int], bool]) -> int:
        """Make a number of 64 bits that a double cannot hold, so that readers who round it notice."""
        while True:
            number = self._integrations.randrange(2**60, 2**63)
            if int(float(number)) != number and not is_taken(number):
                return number
