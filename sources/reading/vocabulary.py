"""The words that reports use for our columns, read from `vocabulary.toml`."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from warehouse.tables import LOADABLE

_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")


@dataclass(frozen=True)
class Report:
    """A report known by its header. `all`: one of each group must stand there; `any`: one of them; `none`: not one."""

    name: str
    label: str
    table: str
    constants: Mapping[str, str]
    all: Sequence[frozenset[str]] = ()
    any: frozenset[str] = frozenset()
    none: frozenset[str] = frozenset()

    def fits(self, words: frozenset[str]) -> bool:
        """Whether a header, as folded words, is this report's."""
        return (
            all(group & words for group in self.all)
            and (not self.any or bool(self.any & words))
            and not self.none & words
        )


@dataclass(frozen=True)
class Vocabulary:
    """`words[table][folded word]` are (target, strength 0 to 1); `computed` are rates that we compute ourselves."""

    words: Mapping[str, Mapping[str, Sequence[tuple[str, float]]]]
    reports: Sequence[Report]
    computed: frozenset[str] = field(default_factory=frozenset)


def fold(word: str) -> str:
    """A word without case, spaces and punctuation, full-width forms made plain: what two spellings share."""
    plain = unicodedata.normalize("NFKC", word).casefold()
    return "".join(character for character in plain if character.isalnum())


def folded_forms(header: str) -> list[tuple[str, float]]:
    """A header's folded form, then the one without what stands in brackets, each with how much it counts."""
    forms = [(fold(header), 1.0)]
    bare = fold(_BRACKETS.sub("", header))
    if bare and bare != forms[0][0]:
        forms.append((bare, 0.9))
    return [form for form in forms if form[0]]


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The vocabulary, read once."""
    raw = tomllib.loads((Path(__file__).parent / "vocabulary.toml").read_text("utf-8"))
    words = {table: _words_of(raw[table]) for table in LOADABLE}
    return Vocabulary(words, [_report(report) for report in raw["reports"]], _folded(raw["computed"]["words"]))


def _words_of(spellings: Mapping[str, Sequence[str]]) -> dict[str, list[tuple[str, float]]]:
    words: dict[str, list[tuple[str, float]]] = {}
    for target, named in spellings.items():
        for spelling in (target, *named):
            entry = (target, 0.6 if spelling.startswith("~") else 1.0)
            known = words.setdefault(fold(spelling), [])
            if target not in {name for name, _ in known}:
                known.append(entry)
    return words


def _folded(words: Sequence[str]) -> frozenset[str]:
    return frozenset(fold(word) for word in words)


def _report(raw: Mapping[str, Any]) -> Report:
    return Report(
        name=str(raw["name"]),
        label=str(raw["label"]),
        table=str(raw["table"]),
        constants=dict(raw["constants"]),
        all=tuple(_folded(group) for group in raw.get("all", ())),
        any=_folded(raw.get("any", ())),
        none=_folded(raw.get("none", ())),
    )


@lru_cache(maxsize=4096)
def knows(header: str) -> bool:
    """Whether any table, or our own computed KPIs, know a header by name."""
    if len(header) > 60:
        return False
    known = vocabulary()
    return any(
        form in known.computed or any(form in words for words in known.words.values())
        for form, _ in folded_forms(header)
    )


def reports_of(columns: Sequence[str]) -> list[Report]:
    """The known reports that a header may be, the most specific first."""
    words = frozenset(form for column in columns for form, _ in folded_forms(column))
    return [report for report in vocabulary().reports if report.fits(words)]
