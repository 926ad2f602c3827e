"""What a number of another system must be, to find the case by it again."""

from __future__ import annotations

import re

#: Longer than the number of any court or register.
LONGEST = 60


def has_digits(number: str) -> bool:
    """Whether there is a digit in it that the search can compare: 0 to 9, as every register writes them."""
    return re.search("[0-9]", number) is not None
