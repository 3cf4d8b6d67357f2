"""The colours can be read and told apart, in both themes, by people who do not see red or green too."""

from __future__ import annotations

import itertools
import re

import pytest
from django.conf import settings

CSS = (settings.BASE_DIR / "static/ui/tokens.css").read_text()
PAIRS = {name: (light, dark) for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", CSS)}
THEMES = ("light", "dark")
CATEGORIES = [f"cat-{number}" for number in range(1, 11)]
# Machado, Oliveira and Fernandes (2009), severity 1: protanopia, deuteranopia.
SEEN_BY = {
    "everyone": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
}


def linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def times(matrix: tuple[tuple[float, ...], ...], vector: list[float]) -> list[float]:
    return [sum(factor * part for factor, part in zip(row, vector, strict=True)) for row in matrix]


def contrast(one: str, other: str) -> float:
    bright = sorted(times(((0.2126, 0.7152, 0.0722),), linear(colour))[0] for colour in (one, other))
    return (bright[1] + 0.05) / (bright[0] + 0.05)


def oklab(light: list[float]) -> list[float]:
    cones = times(
        ((0.41222, 0.53633, 0.05145), (0.2119, 0.68070, 0.1074), (0.0883, 0.28172, 0.62998)),
        [min(max(part, 0), 1) for part in light],
    )
    roots = [cone ** (1 / 3) for cone in cones]
    return times(((0.21045, 0.79362, -0.00407), (1.978, -2.42859, 0.45059), (0.0259, 0.78277, -0.80868)), roots)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["bg", "surface", "sunken", "raised", "hover"])
@pytest.mark.parametrize("ink", ["ink", "ink-2", "ink-3", "accent", "accent-strong", "good", "warn", "bad"])
def test_words_can_be_read_on_every_ground(ink: str, ground: str, theme: str) -> None:
    at = THEMES.index(theme)
    assert contrast(PAIRS[ink][at], PAIRS[ground][at]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("good", "good-soft"),
        ("warn", "warn-soft"),
        ("bad", "bad-soft"),
        ("ink-2", "bad-soft"),
        ("ink-2", "warn-soft"),
        ("accent-strong", "accent-soft"),
        ("on-accent", "accent"),
        ("ink-2", "hatch-2"),
        ("ink-2", "hatch-1"),
        ("accent", "bad-soft"),
    ],
)
def test_words_can_be_read_on_their_soft_ground(ink: str, ground: str, theme: str) -> None:
    at = THEMES.index(theme)
    assert contrast(PAIRS[ink][at], PAIRS[ground][at]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("mark", [*CATEGORIES, "cat-other", "line-control", "chart-target"])
def test_marks_stand_out_from_a_card(mark: str, theme: str) -> None:
    at = THEMES.index(theme)
    assert contrast(PAIRS[mark][at], PAIRS["surface"][at]) >= 3


@pytest.mark.parametrize("eyes", SEEN_BY)
@pytest.mark.parametrize("theme", THEMES)
def test_ten_categories_are_told_apart(theme: str, eyes: str) -> None:
    at = THEMES.index(theme)
    seen = [oklab(times(SEEN_BY[eyes], linear(PAIRS[name][at]))) for name in CATEGORIES]
    nearest = min(
        sum((one - other) ** 2 for one, other in zip(first, second, strict=True)) ** 0.5
        for first, second in itertools.combinations(seen, 2)
    )
    assert nearest >= 0.08


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ramp", ["seq", "stage"])
def test_a_ramp_moves_in_one_direction(ramp: str, theme: str) -> None:
    at = THEMES.index(theme)
    steps = [name for name in PAIRS if re.fullmatch(rf"{ramp}-\d", name)]
    bright = [oklab(linear(PAIRS[name][at]))[0] for name in steps]
    ordered = sorted(bright)
    assert len(steps) >= 5
    assert bright == ordered or bright == ordered[::-1] or ramp == "stage"
    assert len(set(bright)) == len(bright)


def test_no_style_sheet_names_a_colour_of_its_own() -> None:
    for path in (settings.BASE_DIR / "static/ui").rglob("*.css"):
        if path.name not in ("tokens.css", "print.css"):
            found = re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(", re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S))
            assert not found, f"{path.name}: colours belong into tokens.css: {found}"


def test_every_style_sheet_stands_in_a_layer_and_is_linked() -> None:
    root = settings.BASE_DIR / "static/ui"
    linked = (root / "ui.css").read_text()
    for path in [*root.glob("*.css"), *(root / "components").glob("*.css")]:
        if path.name == "ui.css":
            continue
        assert "@layer " in path.read_text(), path
        assert str(path.relative_to(root)) in linked, path
