#!/usr/bin/env python
"""Django's command line for the office; see docs/structure.md for what lives where."""

import os
import sys
from contextlib import nullcontext

#: These neither read nor write data, so they need no database.
WITHOUT_DATABASE = {
    "",
    "help",
    "version",
    "--help",
    "--version",
    "collectstatic",
    "spectacular",
    "diffsettings",
    "check",
}

#: It looks at its file before it starts servers, so that a refusal leaves nothing behind.
WITH_SERVERS_OF_ITS_OWN = "restaurar"


def main() -> None:
    """Run one management command, beside a running office or with servers of its own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "procon.settings")
    from procon.environment import WrongEnvironment, passing_secret_key, read
    from procon.holding import servers_for
    from procon.roles import AS_OWNER, MARK

    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command in AS_OWNER:
        os.environ[MARK] = "1"
    try:
        environment = read()
        offline = command in WITHOUT_DATABASE or "--help" in sys.argv
        if command == WITH_SERVERS_OF_ITS_OWN:
            passing_secret_key(environment)
            offline = True
        with nullcontext() if offline else servers_for(environment, f"manage.py {command}"):
            from django.core.management import execute_from_command_line

            execute_from_command_line(sys.argv)
    except WrongEnvironment as error:
        print(error, file=sys.stderr)  # noqa: T201  the command line answers the person who typed it
        sys.exit(2)


if __name__ == "__main__":
    main()
