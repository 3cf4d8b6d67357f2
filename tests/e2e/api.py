"""A client of the portal's API, as a script of a customer would be."""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any

from tests.e2e.portal import BASE

PATIENCE = 240
BUSY = ("reading", "checking", "loading", "undoing")


def data_folder() -> Path:
    """Real files to load; their absence fails the checks."""
    folder = Path(os.environ.get("YEOJEONG_DATA") or BASE.parent / "shared" / "data")
    assert folder.is_dir(), f"{folder} is missing: set YEOJEONG_DATA to the folder of real files"
    return folder


class Api:
    """One token at one client."""

    def __init__(self, url: str, slug: str, token: str) -> None:
        self.root, self.token = f"{url}/c/{slug}/api/v1/", token

    def ask(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        return self._send(method, path, data, "application/json")

    def _send(self, method: str, path: str, data: bytes | None, content_type: str) -> Any:
        request = urllib.request.Request(self.root + path, data, method=method)
        request.add_header("Authorization", f"Token {self.token}")
        request.add_header("Content-Type", content_type)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer) if answer.status != 204 else None
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()[:800]}") from error

    def upload(self, path: Path, *, name: str = "") -> dict[str, Any]:
        mark = uuid.uuid4().hex
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name or path.name}"\r\n'
        body = f"{head}Content-Type: text/csv\r\n\r\n".encode() + path.read_bytes() + f"\r\n--{mark}--\r\n".encode()
        sent: dict[str, Any] = self._send("POST", "imports/", body, f"multipart/form-data; boundary={mark}")
        return self.settled(sent["id"])

    def settled(self, import_id: str) -> dict[str, Any]:
        """The import when no task is at work on it any more."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found: dict[str, Any] = self.ask("GET", f"imports/{import_id}/")
            if found["state"] not in BUSY:
                return found
            time.sleep(0.3)
        raise AssertionError(f"import {import_id} is still {found['state']}")

    def map(self, found: dict[str, Any], **constants: str) -> dict[str, Any]:
        """Answer what the file doesn't say with one value for the whole of it."""
        plan = found["plan"]
        kept = [column for column in plan["columns"] if column["target"] not in constants]
        answers = [{"target": name, "constant": value, "cast": _cast(name)} for name, value in constants.items()]
        self.ask("PUT", f"imports/{found['id']}/mapping/", {**plan, "columns": kept + answers})
        return self.settled(found["id"])

    def confirm(self, found: dict[str, Any]) -> dict[str, Any]:
        assert found["state"] == "ready", found
        self.ask("POST", f"imports/{found['id']}/confirm/")
        done = self.settled(found["id"])
        assert done["state"] == "done", done
        return done

    def undo(self, found: dict[str, Any]) -> dict[str, Any]:
        self.ask("POST", f"imports/{found['id']}/undo/")
        return self.settled(found["id"])


def _cast(name: str) -> dict[str, Any]:
    return {"kind": "date", "formats": ["%Y-%m-%d"]} if name == "day" else {"kind": "text"}
