"""What a copy refuses with."""


class CopyRefused(Exception):  # noqa: N818  it names what happened, as ActNotAllowed does
    """A copy cannot be made or restored; the message says what, why and what to do, in Portuguese."""
