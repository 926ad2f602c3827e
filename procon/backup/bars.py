"""Progress at the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

from tqdm import tqdm


@dataclass(frozen=True)
class Bars:
    """A bar for each part of the work, on this stream."""

    file: TextIO

    @contextmanager
    def __call__(self, name: str, total: int | None, unit: str) -> Iterator[Callable[[int], object]]:
        """One bar; bytes are told in MB."""
        with tqdm(
            total=total,
            desc=name,
            unit=unit,
            unit_scale=unit == "B",
            file=self.file,
            mininterval=0.5,
            dynamic_ncols=True,
        ) as bar:
            yield bar.update


@contextmanager
def silent(name: str, total: int | None, unit: str) -> Iterator[Callable[[int], object]]:
    """No bar, where nobody watches."""
    yield lambda size: None
