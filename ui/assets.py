"""Where the browser's own copy of a library lies inside an installed wheel."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def plotly_directory() -> Path:
    """The folder that holds plotly.min.js, found without importing plotly (which takes seconds and memory)."""
    spec = find_spec("plotly")
    if spec is None or not spec.submodule_search_locations:
        raise ImproperlyConfigured("plotly is not installed: pip install -r requirements.txt")
    directory = Path(next(iter(spec.submodule_search_locations))) / "package_data"
    if not (directory / "plotly.min.js").is_file():
        raise ImproperlyConfigured(f"the installed plotly has no plotly.min.js in {directory}: reinstall it")
    return directory
