"""Models, tasks, settings and words stand where they belong."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from pathlib import Path

from django.apps import apps
from django.conf import settings

from config.catalogues import missing_words, translations
from config.celery import app as celery

# Each of these runs in `public`, because it is about clients, not inside one.
PUBLIC_TASKS = {
    "tenants.prepare_client",
    "config.tasks.upkeep_of_every_client",
    "config.tasks.resume_of_every_client",
    "config.tasks.syncs_of_every_client",
    "config.tasks.alerts_of_every_client",
}
OURS = ("problems", "ui", "warehouse", "tenants", "sources", "kpis", "journeys", "audiences", "demo", "config")


def test_every_model_lives_in_the_right_schema() -> None:
    shared = {"tenants"}
    for model in apps.get_models():
        label = model._meta.app_label
        if label in OURS:
            expected = settings.SHARED_APPS if label in shared else settings.TENANT_APPS
            assert model.__module__.split(".")[0] in expected, (
                f"{model.__name__}: {label} is in the wrong app list of settings."
            )
    assert not set(settings.SHARED_APPS) & set(settings.TENANT_APPS)


def test_every_task_takes_its_client_first_or_is_named_public() -> None:
    celery.loader.import_default_modules()
    ours = {name: task for name, task in celery.tasks.items() if task.__module__.split(".")[0] in OURS}
    assert ours, "no task was found: is autodiscovery broken?"
    for name, task in ours.items():
        if name in PUBLIC_TASKS:
            continue
        function = ast.parse(textwrap.dedent(inspect.getsource(task.__wrapped__))).body[0]
        statements = [
            node for node in function.body if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Constant)
        ]  # type: ignore[attr-defined]
        assert "open_client(" in ast.unparse(statements[0]), (
            f"{name}: begin with `client = open_client()`, or add it to PUBLIC_TASKS."
        )


def test_every_variable_is_in_the_example() -> None:
    read = set()
    for path in [
        Path(settings.BASE_DIR, "config", name)
        for name in ("settings.py", "supervisor/__main__.py", "supervisor/places.py", "supervisor/servers.py")
    ]:
        text = path.read_text(encoding="utf-8")
        read |= set(re.findall(r'env\.(?:text|flag|number|words|pairs)\("([A-Z_]+)"', text))
        read |= set(re.findall(r'environ(?:\.get)?[\(\[]"([A-Z_]+)"', text))
    listed = set(
        re.findall(r"^# ([A-Z_]+)=", Path(settings.BASE_DIR, ".env.example").read_text(encoding="utf-8"), re.M)
    )
    assert read - listed == set(), "Add these to .env.example with their default."
    assert listed - read == set(), "Nothing reads these of .env.example."


def test_every_word_has_its_korean() -> None:
    missing = [line for folder in settings.LOCALE_PATHS for line in missing_words(folder)]
    assert not missing, (
        "Write the Korean in locale/<app>/ko/LC_MESSAGES/django.po (`manage.py messages` adds the lines):\n"
        + "\n".join(missing)
    )


def test_a_word_has_the_same_korean_in_every_room() -> None:
    """Django merges the catalogues: of two translations of one msgid, one would win everywhere."""
    found: dict[tuple[str | None, str], dict[str, str]] = {}
    for folder in settings.LOCALE_PATHS:
        for context, words, korean in translations(folder):
            found.setdefault((context, words), {})[folder.name] = korean
    clashes = {words: rooms for (_context, words), rooms in found.items() if len(set(rooms.values())) > 1}
    assert not clashes, f"Write one Korean for each (docs/glossary.md), or give one of them a context: {clashes}"


def test_settings_stay_readable() -> None:
    lines = Path(settings.BASE_DIR, "config", "settings.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) < 300


def test_nothing_in_html_is_styled_or_scripted_inline() -> None:
    inline = re.compile(r"\sstyle=[\"']|\son[a-z]+=[\"']|<script(?![^>]*(src=|application/json))")
    bad = [
        f"{path.name}:{number}"
        for path in Path(settings.BASE_DIR, "templates").rglob("*.html")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if inline.search(line)
    ]
    assert not bad, f"The content security policy refuses these; use a class or a module: {bad}"
