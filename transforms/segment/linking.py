"""Log chances of roles and links, as the network gave them, and the ways in which form changes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.restore.evidence import Floats
from transforms.restore.network import Scores
from transforms.restore.roles import ROLES
from transforms.segment.decks import DECKS

BODY, CROSSHEAD = ROLES.index("body"), ROLES.index("crosshead")
HEADS = [ROLES.index(r) for r in DECKS]
SURE = np.float32(-0.05)  # log chance of a link that the form of its ends demands
UNLIKELY = np.float32(12.0)  # log chance taken from a link that the form of its ends forbids
HALF = np.float32(np.log(0.5))
WORDY = ("body", "crosshead", "sidebar")


@dataclass(frozen=True)
class Links:
    """Log chances of roles and links, as ``Scores`` has them, which form changes in place."""

    roles: Floats
    follows: Floats
    back: Floats
    ends: Floats
    starts: Floats

    @classmethod
    def of(cls, scores: Scores) -> Links:
        """A copy of the network's."""
        return cls(
            scores.roles.copy(), scores.follows.copy(), scores.back.copy(), scores.ends.copy(), scores.starts.copy()
        )

    def force(self, n: int, role: str) -> None:
        """Give piece ``n`` a role."""
        self.roles[n] = -UNLIKELY
        self.roles[n, ROLES.index(role)] = 0

    def likeliest(self, n: int) -> int:
        """The piece that follows ``n`` best."""
        return int((self.follows[n] + self.back[n]).argmax())

    def neighbours(self, n: int) -> tuple[int, int]:
        """The piece that ``n`` follows best, and the one that follows it best."""
        return int((self.follows[:, n] + self.back[:, n]).argmax()), self.likeliest(n)

    def head_chance(self, n: int) -> float:
        """Chance that piece ``n`` is a deck of a head."""
        return float(np.exp(self.roles[n, HEADS]).sum())

    def close(self, n: int) -> None:
        """Let nothing follow piece ``n``."""
        self.follows[n] -= UNLIKELY
        self.back[n] -= UNLIKELY
        self.ends[n] = SURE

    def open(self, n: int) -> None:
        """Let piece ``n`` follow nothing."""
        self.follows[:, n] -= UNLIKELY
        self.back[:, n] -= UNLIKELY
        self.starts[n] = SURE

    def begin(self, n: int, role: str) -> None:
        """Give piece ``n`` a role of a head and let it begin a story with what stands right below it."""
        self.force(n, role)
        self.open(n)
        self.put_above(n)

    def put_above(self, n: int) -> None:
        """Let what stands right below piece ``n`` follow it, and what followed ``n`` follow that."""
        after = self.likeliest(n)
        for link in (self.follows[n], self.back[:, n + 1 : n + 2]):
            link -= UNLIKELY
        self.follows[n, n + 1] = self.back[n, n + 1] = SURE
        self.ends[n] -= UNLIKELY
        self.starts[n + 1] -= UNLIKELY
        if after not in (n, n + 1) and self.ends[n + 1] > HALF:
            self.follows[n + 1, after] = max(HALF, self.follows[n + 1, after])
            self.back[n + 1, after] = max(HALF, self.back[n + 1, after])

    def put_below(self, n: int) -> None:
        """Let piece ``n`` follow what stands right above it, and what followed that follow ``n``."""
        after = self.likeliest(n - 1)
        self.follows[n - 1] -= UNLIKELY
        self.back[:, n] -= UNLIKELY
        self.follows[n - 1, n] = self.back[n - 1, n] = SURE
        self.ends[n - 1] -= UNLIKELY
        self.starts[n] -= UNLIKELY
        if after != n:
            self.follows[n, after] = self.back[n, after] = max(HALF, self.follows[n, after])

    def bridge(self, n: int) -> None:
        """Let the text that piece ``n`` was taken for a part of go on behind it."""
        above, below = self.neighbours(n)
        if above == below or n in (above, below):
            return
        through = (self.follows[above, n], self.back[above, n], self.follows[n, below], self.back[n, below])
        if min(through) >= HALF:
            self.follows[above, below] = max(HALF, self.follows[above, below])
            self.back[above, below] = max(HALF, self.back[above, below])

    def insert(self, n: int) -> None:
        """Share the chance of a link whose ends are both the best neighbours of piece ``n`` with links through it."""
        above, below = self.neighbours(n)
        if above == below or min(self.follows[above, below], self.back[above, below]) < HALF:
            return
        for a, b in ((above, n), (n, below)):
            self.follows[a, b], self.back[a, b] = max(self.follows[a, b], HALF), max(self.back[a, b], HALF)
        self.follows[above, below] += HALF
        self.back[above, below] += HALF

    def part(self, n: int) -> None:
        """Undo the link of piece ``n`` to the rest below it: neither a start nor a headline, it stands in another text.

        Its place was judged as a headline's, so what is left of its chances and of the rest's is weighed again.
        """
        self.follows[n, n + 1] = self.back[n, n + 1] = -2 * UNLIKELY
        self.starts[n] -= UNLIKELY
        self.follows[n] -= np.logaddexp.reduce(np.append(self.follows[n], self.ends[n]))
        for k in (n, n + 1):
            whole = np.logaddexp.reduce(np.append(self.back[:, k], self.starts[k]))
            self.back[:, k] -= whole
            self.starts[k] -= whole
        self.starts[n] -= UNLIKELY
        self.insert(n)
