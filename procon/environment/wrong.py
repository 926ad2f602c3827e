"""What is raised for a wrong surrounding."""


class WrongEnvironment(Exception):  # noqa: N818  it names what is found, as ActNotAllowed does
    """A variable or a folder is not fit; the message says what, why and how to mend it, in Portuguese."""
