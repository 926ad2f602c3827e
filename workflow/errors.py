"""The refusals an office expects. Each says what is refused, why, and what to do next, in Portuguese."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818  a refusal is not an error
    """Base of every expected refusal; `str()` is the sentence for the reader."""

    status_code = 409

    def __init__(self, message: str, *, errors: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        #: Messages by field name, where the refusal is about a field.
        self.errors = errors or {}

    @property
    def details(self) -> list[str]:
        """What the fields' messages say beyond the sentence itself."""
        return [text for text in self.errors.values() if text != self.message]


class StorageAway(OSError):  # noqa: N818  it names what is found
    """The bucket of letters and attachments does not answer, or refuses us: nobody's fault here, and it passes."""


class ActNotAllowed(Refusal):
    """The state, or the person's papel, does not allow the act (HTTP 409)."""


class TryAgain(ActNotAllowed):
    """Nothing forbids the act, but something else was being written at the same moment; trying again helps."""


class ContentRefused(Refusal):
    """The content breaks a rule of law or of the office (HTTP 422)."""

    status_code = 422


class NoRoom(Refusal):
    """There is no room on the disk for what was to be kept (HTTP 503): nothing of it was, and it passes."""

    status_code = 503
