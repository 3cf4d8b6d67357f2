#!/usr/bin/env python
"""Django's command line; starts the embedded servers for the length of a command when nothing runs yet."""

import contextlib
import os
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parent
WITHOUT_SERVERS = {"collectstatic", "fake", "messages", "help", "check", "--help", "--version"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.env import load_env_file
    from config.supervisor.servers import embedded_servers

    load_env_file(BASE / ".env")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command == "bench":  # measures in its own database and folders, never in the operator's
        os.environ["VAR_ROOT"] = str(Path(os.environ.get("VAR_ROOT") or BASE / "var").resolve() / "bench")
    needed = command not in WITHOUT_SERVERS and not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
    var = Path(os.environ.get("VAR_ROOT") or BASE / "var").resolve()
    with embedded_servers(var) if needed else contextlib.nullcontext():
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
