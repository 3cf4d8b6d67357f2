"""A pytest plugin that starts the checks' own servers and compiles the words before Django reads its settings."""

from __future__ import annotations

import atexit
import contextlib
import os
from pathlib import Path

from config.catalogues import compile_catalogue
from config.supervisor.servers import embedded_servers

BASE = Path(__file__).resolve().parent.parent

_var = (BASE / "var" / "test" / os.environ.get("TEST_SERVERS", "one")).resolve()
os.environ["VAR_ROOT"] = str(_var)
_stack = contextlib.ExitStack()
for _name, _value in _stack.enter_context(embedded_servers(_var)).items():
    os.environ.setdefault(_name, _value)
atexit.register(_stack.close)

for _folder in sorted(path for path in (BASE / "locale").iterdir() if path.is_dir()):
    compile_catalogue(_folder)  # a fresh checkout has the words, but not their compiled form
