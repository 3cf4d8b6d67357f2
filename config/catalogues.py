"""Word catalogues without gettext's programs: Babel reads the words that Django finds in code and templates."""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

Word = tuple[str | None, str | tuple[str, ...]]  # context; msgid, or singular and plural

KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "gettext_noop": None,
}
MADE = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)  # no date of the day in files that are compared
HEADER = "# {app}: the Korean words.\n"


def _words_of_python(text: str) -> Iterator[Word]:
    """*Shape*: (context, msgid or (singular, plural))."""
    found = extract_python(io.BytesIO(text.encode()), KEYWORDS, (), {"encoding": "utf-8"})
    for _line, function, words, _comments in found:
        yield from _normal(str(function or ""), words)


def _normal(function: str, words: object) -> Iterator[Word]:
    given: tuple[Any, ...] = words if isinstance(words, tuple) else (words,)
    if function.startswith("npgettext") and all(given[:3]):
        yield given[0], (given[1], given[2])
    elif function.startswith("pgettext") and len(given) > 1 and all(given[:2]):
        yield given[0], given[1]
    elif function.startswith("ngettext") and all(given[:2]):
        yield None, (given[0], given[1])
    elif given[0]:
        yield None, given[0]


def _words_of(path: Path) -> Iterator[Word]:
    text = path.read_text(encoding="utf-8")
    yield from _words_of_python(text if path.suffix == ".py" else templatize(text, origin=str(path)))


def _files(app: str) -> Iterator[Path]:
    for root, pattern in (
        (settings.BASE_DIR / app, "*.py"),
        (settings.BASE_DIR / "templates", "*.html"),
        (settings.BASE_DIR / "templates", "*.txt"),
    ):
        for path in sorted(root.rglob(pattern)):
            if "migrations" not in path.parts and (pattern == "*.py" or _app_of_template(path) == app):
                yield path


def _app_of_template(path: Path) -> str:
    """The room that a template folder's words belong to."""
    folder = path.relative_to(settings.BASE_DIR / "templates").parts[0]
    return {"frame": "ui", "drf_spectacular": "ui", "account": "tenants", "rest_framework": "config"}.get(
        folder, folder
    )


def _po(folder: Path) -> Path:
    return folder / "ko" / "LC_MESSAGES" / "django.po"


def _read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale="ko")
    with path.open("rb") as handle:
        return read_po(handle, locale="ko")


def words_in_use(app: str) -> set[Word]:
    """Every msgid that an app's code and templates ask for."""
    return {word for path in _files(app) for word in _words_of(path)}


def refresh_catalogue(folder: Path) -> None:
    """Add what is new to an app's catalogue, drop what is no longer asked for, keep every translation."""
    app, path = folder.name, _po(folder)
    known, fresh = (
        _read(path),
        Catalog(locale="ko", header_comment=HEADER.format(app=app), creation_date=MADE, revision_date=MADE),
    )
    for context, words in sorted(words_in_use(app), key=lambda word: (str(word[1]), str(word[0]))):
        message = known.get(words if isinstance(words, str) else words[0], context)
        fresh.add(words, string=message.string if message else None, context=context)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as handle:
        write_po(handle, fresh, width=120, omit_header=False)


def missing_words(folder: Path) -> list[str]:
    """What an app asks for without a Korean word. *Shape*: lines `app: msgid`."""
    known = _read(_po(folder))
    return [
        f"{folder.name}: {words!r}"
        for context, words in sorted(words_in_use(folder.name), key=str)
        if not (message := known.get(words if isinstance(words, str) else words[0], context))
        or not message.string
        or message.fuzzy
    ]


def translations(folder: Path) -> Iterator[tuple[str | None, str, str]]:
    """Every translated msgid of an app. *Shape*: context, msgid (its singular), Korean."""
    for message in _read(_po(folder)):
        if message.id and message.string:
            words = message.id if isinstance(message.id, str) else message.id[0]
            yield message.context, words, message.string if isinstance(message.string, str) else message.string[0]


def compile_catalogue(folder: Path) -> None:
    """Write django.mo beside django.po, when it is older."""
    path = _po(folder)
    target = path.with_suffix(".mo")
    if not path.exists() or (target.exists() and target.stat().st_mtime >= path.stat().st_mtime):
        return
    draft = target.with_suffix(f".{os.getpid()}")  # several processes may start at once
    with draft.open("wb") as handle:
        write_mo(handle, _read(path))
    draft.replace(target)
