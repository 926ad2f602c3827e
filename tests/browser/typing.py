"""A clerk who only has a keyboard, and whose keys are counted."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass
class Typist:
    """Presses keys in a page; counts what is data and what only gets the data to its place."""

    page: Page
    data: int = 0
    others: int = 0

    def type(self, text: str) -> None:
        """Type data: one key each."""
        self.page.keyboard.type(text)
        self.data += len(text)

    def press(self, chord: str, times: int = 1) -> None:
        """Press a key, or several at once ("Control+Enter" is two)."""
        for _ in range(times):
            self.page.keyboard.press(chord)
        self.others += len(chord.split("+")) * times

    def reaches(self, name: str) -> None:
        """Wait until the focus is in this field, as a person looks where the cursor is."""
        self.page.wait_for_function("name => document.activeElement?.name === name", arg=name)

    @property
    def keys(self) -> int:
        """Every key pressed."""
        return self.data + self.others
