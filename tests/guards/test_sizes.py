"""Files and functions stay small enough to be read at one go."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

from django.conf import settings

LIMITS = {".py": 500, ".js": 500, ".css": 500, ".html": 120}
FUNCTION_LIMIT = 60
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "stuff"}
BASE = Path(settings.BASE_DIR)


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=BASE,
        capture_output=True,
        text=True,
        check=True,
    )
    return [
        BASE / line
        for line in listed.stdout.splitlines()
        if (BASE / line).is_file() and "migrations" not in Path(line).parts
    ]


def test_no_file_is_over_its_limit() -> None:
    over = {
        str(path.relative_to(BASE)): lines
        for path in tracked()
        if (limit := LIMITS.get(path.suffix)) and (lines := len(path.read_text(encoding="utf-8").splitlines())) > limit
    }
    assert not over, f"Split these by what they are about: {over}"


def test_no_function_is_over_sixty_lines() -> None:
    over = []
    for path in tracked():
        if path.suffix == ".py":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                    and node.end_lineno - node.lineno + 1 > FUNCTION_LIMIT
                ):  # type: ignore[operator]
                    over.append(f"{path.relative_to(BASE)}:{node.lineno} {node.name}")
    assert not over, f"Give the parts of these names of their own: {over}"


def test_no_room_is_named_after_nothing() -> None:
    bad = [
        str(path.relative_to(BASE))
        for path in tracked()
        if path.stem in FORBIDDEN_NAMES or FORBIDDEN_NAMES & set(path.relative_to(BASE).parts)
    ]
    assert not bad, f"Name these after the field's own word for what they do: {bad}"


def test_no_test_is_skipped_or_cannot_fail() -> None:
    words = ("pytest.mark." + "skip", "pytest." + "xfail", "mark." + "xfail", "assert " + "True", "import" + "orskip")
    bad = [
        f"{path.relative_to(BASE)}: {word}"
        for path in tracked()
        if path.parts and "tests" in path.parts and path.suffix == ".py"
        for word in words
        if word in path.read_text(encoding="utf-8")
    ]
    assert not bad, f"A test that doesn't run or can't fail is a defect: {bad}"
