"""Loading a portion: its kept pages as one file in the warehouse's terms, loaded whole or not at all."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from sources import pages_kept
from sources.connectors.kinds import Account, Record, Stream
from sources.models import Connection, Portion
from warehouse.plan import Cast, ColumnPlan, Plan, Staged
from warehouse.scope import Tenancy

MARKET = "(market)"
ODD = frozenset({bool, dict, list})  # what a cell of a file says otherwise than the vendor does
STAGED, REJECTS = "staged.csv", "rejects.csv"


@dataclass
class Seen:
    """What records had that the connector doesn't know, and what of the known they never had."""

    rows: int = 0
    fields: set[str] = field(default_factory=set)

    def strange(self, stream: Stream) -> list[str]:
        return sorted(self.fields - set(stream.targets))


def load_portion(
    portion: Portion, connection: Connection, stream: Stream, secrets: Mapping[str, str], tenancy: Tenancy
) -> tuple[dict[str, Any], Seen]:
    """Load what was read of a portion; done twice it changes nothing. *Shape*: the load's counts, and what was seen.

    *Errors*: what the warehouse says; Nonsense for a page without sense; SecretsUnreadable.
    """
    from warehouse.loading import load

    account = Account.from_json(next(raw for raw in connection.accounts if raw["key"] == portion.account))
    folder = pages_kept.folder_of(portion.pk)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    seen, path = Seen(), folder / STAGED
    pages = pages_kept.kept(portion.pk, portion.pages, secrets)
    records = (record for body in pages for record in stream.records(body))
    staged = write_staged(path, stream, records, markets_of(connection, portion.account), seen)
    try:
        if not seen.rows:
            return dict.fromkeys(("read", "new", "updated", "unchanged", "rejected"), 0), seen
        loaded = load(
            staged,
            plan_for(stream, connection.source.key, account),
            tenancy,
            load_id=str(portion.pk),
            progress=lambda _share: None,
            rejects_path=str(folder / REJECTS),
        )
    finally:
        path.unlink(missing_ok=True)
    counts = asdict(loaded)
    counts.pop("rejects_path")
    return counts, seen


def markets_of(connection: Connection, account: str) -> Sequence[tuple[str, str]]:
    """Patterns of campaign names and their markets, in the order in which they are tried; the account's own is last."""
    own = next((raw.get("market", "") for raw in connection.accounts if raw["key"] == account), "")
    return [*((rule["pattern"].casefold(), rule["market"]) for rule in connection.rules), ("*", own)]


def market_for(campaign: str, markets: Sequence[tuple[str, str]]) -> str:
    """The market of a campaign; empty when nothing says one, so that the row is rejected and not lost."""
    name = campaign.casefold()
    return next((market for pattern, market in markets if fnmatchcase(name, pattern)), "")


def write_staged(
    path: Path, stream: Stream, records: Iterable[Record], markets: Sequence[tuple[str, str]], seen: Seen
) -> Staged:
    """Records as a file with one column a field of the stream, and their market."""
    columns = (MARKET, *stream.targets)
    with path.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.writer(sink, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(_lines(stream, records, markets, seen))
    return Staged(path=str(path), columns=columns)


def _lines(
    stream: Stream, records: Iterable[Record], markets: Sequence[tuple[str, str]], seen: Seen
) -> Iterator[list[Any]]:
    """Rows as the writer of files takes them: it writes numbers and nothing (an empty cell) as they are."""
    names, known, shapes = tuple(stream.targets), {"": market_for("", markets)}, set()
    for record in records:
        seen.rows += 1
        shape = tuple(record)
        if shape not in shapes:
            shapes.add(shape)
            seen.fields.update(shape)
        campaign = str(record.get(stream.campaign) or "")
        if campaign not in known:
            known[campaign] = market_for(campaign, markets)
        values = list(map(record.get, names))
        if not ODD.isdisjoint(map(type, values)):
            values = [_text(value) if type(value) in ODD else value for value in values]
        yield [known[campaign], *values]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)


def plan_for(stream: Stream, source: str, account: Account) -> Plan:
    """The stream's mapping into its canonical table."""
    columns = [ColumnPlan("market", column=MARKET)]
    for name, target in stream.targets.items():
        cast = Cast(target.kind, formats=target.formats, thousands="" if target.kind == "number" else ",")
        columns.append(ColumnPlan(target.column, column=name, cast=cast))
    given = {column.target for column in columns}
    constants = dict(stream.constants)
    if account.currency:
        constants.setdefault("currency", account.currency)
    columns += [ColumnPlan(name, constant=value) for name, value in constants.items() if name not in given]
    return Plan(table=stream.table, source=source, columns=tuple(columns), skip_totals=False)
