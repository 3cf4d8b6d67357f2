"""Own KPIs: made and changed as versions, each with a reason; the catalogue's KPIs switched on and off."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kpis.catalogue import BY_KEY, Better, Kpi, Stage, Unit, Words
from kpis.catalogue.sets import SETS
from kpis.errors import BadDefinition, BadFormula, NoSuchKpi
from kpis.expressions import Checked, check_formula
from kpis.models import BoardChoice, KpiSwitch, OwnKpi, OwnKpiVersion
from kpis.queries.definitions import THING, Facts, OwnFacts, definitions_now, own_kpi, references_of
from kpis.services.alerts import check_alerts_on
from kpis.services.revisions import next_revision
from problems.errors import Conflict
from tenants.access import Access
from tenants.services import record

KEY = re.compile(r"^[a-z][a-z0-9_]{1,39}$")
FIRST_NUMBER = 1001
MOST_OWN = 200
RESERVED = frozenset({"own", "set", "switch", "omtm", "formula", "switches", "overrides", "planned"})  # addresses


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """An own KPI as somebody writes it."""

    key: str
    name_ko: str
    name_en: str
    stage: str
    unit: str
    better: str
    formula: str
    owner_name: str = ""
    description_ko: str = ""
    description_en: str = ""


FIELDS = (
    "name_ko", "name_en", "stage", "unit", "better", "formula", "owner_name", "description_ko", "description_en",
)  # fmt: skip


def check_draft(draft: OwnDraft) -> tuple[Kpi, Checked]:
    """The KPI that a draft would be. Errors: BadFormula, BadDefinition."""
    references = definitions_now().references
    checked = check_formula(draft.formula, references=references, key=draft.key)
    unit = draft.unit or checked.units[0].value
    facts = OwnFacts(
        key=draft.key or "preview",
        number=FIRST_NUMBER,
        name=Words(draft.name_ko or "–", draft.name_en or draft.name_ko or "–"),
        stage=draft.stage or Stage.CONVERSION.value,
        unit=_unit(unit, checked),
        better=draft.better or Better.HIGHER.value,
        formula=draft.formula,
        owner=draft.owner_name,
        description=Words(draft.description_ko, draft.description_en),
    )
    return own_kpi(facts, references), checked


def _unit(unit: str, checked: Checked) -> str:
    if unit not in {one.value for one in checked.units}:
        fitting = ", ".join(str(one.words) for one in checked.units)
        raise BadDefinition(
            _("This formula doesn't give that unit."), fix=_("Choose: %(units)s.") % {"units": fitting}, field="unit"
        )
    return unit


def make_own_kpi(access: Access, draft: OwnDraft, *, why: str = "", now: dt.datetime) -> OwnKpi:
    """A new own KPI with its first version. Errors: NotYourJob, BadFormula, BadDefinition."""
    access.check("define_kpis")
    with transaction.atomic():
        next_revision(THING)
        if not KEY.match(draft.key):
            raise BadDefinition(
                _("“%(key)s” can't be a key.") % {"key": draft.key[:40]},
                fix=_("Begin with a letter; then small letters, digits and _, 40 at most."),
                field="key",
            )
        if draft.key in BY_KEY or draft.key in RESERVED or OwnKpi.objects.filter(key=draft.key).exists():
            raise BadDefinition(
                _("There is a KPI with the key “%(key)s” already.") % {"key": draft.key},
                fix=_("Choose another key, or change that KPI."),
                field="key",
            )
        if OwnKpi.objects.count() >= MOST_OWN:
            raise BadDefinition(_("A client has %(most)d own KPIs at most.") % {"most": MOST_OWN})
        _check_fields(draft)
        check_draft(draft)
        last = OwnKpi.objects.aggregate(last=Max("number"))["last"] or FIRST_NUMBER - 1
        kept = OwnKpi(key=draft.key, number=last + 1, created_at=now, updated_at=now, **_fields(draft))
        kept.save()
        _add_version(access, kept, why, now)
        record(access, "kpi.made", draft.key, formula=draft.formula)
    return kept


def change_own_kpi(access: Access, draft: OwnDraft, *, version: int, why: str, now: dt.datetime) -> OwnKpi:
    """The next version of an own KPI. `version` is the one that its writer saw.

    Errors: NotYourJob, NoSuchKpi, Conflict, BadFormula, BadDefinition (also where another KPI would break).
    """
    access.check("define_kpis")
    with transaction.atomic():
        next_revision(THING)
        kept = _own(draft.key)
        if kept.version != version:
            raise Conflict(
                _("Somebody has changed this KPI in the meantime."), fix=_("Look at it again, then change it.")
            )
        if not why.strip():
            raise BadDefinition(_("A change of a definition needs a reason."), fix=_("Write why."), field="why")
        _check_fields(draft)
        check_draft(draft)
        _check_dependents(draft.key, draft.formula)
        for name, value in _fields(draft).items():
            setattr(kept, name, value)
        _next_version(access, kept, why, now)
        record(access, "kpi.changed", draft.key, version=kept.version, why=why[:300])
    return kept


def set_own_active(access: Access, key: str, *, active: bool, why: str, now: dt.datetime) -> OwnKpi:
    """Take an own KPI out of use, or back. Errors: NotYourJob, NoSuchKpi, BadDefinition where others refer to it."""
    access.check("define_kpis")
    with transaction.atomic():
        next_revision(THING)
        kept = _own(key)
        if kept.active == active:
            return kept
        if active:
            check_formula(kept.formula, references=definitions_now().references, key=key)
        else:
            _check_dependents(key, None)
        kept.active = active
        _next_version(access, kept, why, now)
        record(access, "kpi.changed", key, version=kept.version, active=active)
        check_alerts_on(key)
    return kept


def _own(key: str) -> OwnKpi:
    try:
        return OwnKpi.objects.select_for_update().get(key=key)
    except OwnKpi.DoesNotExist:
        raise NoSuchKpi(key) from None


def _next_version(access: Access, kept: OwnKpi, why: str, now: dt.datetime) -> None:
    kept.version += 1
    kept.updated_at = now
    kept.save()
    _add_version(access, kept, why, now)


def _add_version(access: Access, kept: OwnKpi, why: str, now: dt.datetime) -> None:
    OwnKpiVersion.objects.create(
        kpi=kept, number=kept.version, active=kept.active, why=why.replace("\x00", "").strip()[:300],
        who=str(access.user), user_id=access.user.pk, at=now, **{name: getattr(kept, name) for name in FIELDS},
    )  # fmt: skip


def _fields(draft: OwnDraft) -> dict[str, str]:
    return {name: getattr(draft, name).strip() for name in FIELDS}


def _check_fields(draft: OwnDraft) -> None:
    """What every definition has, and how long it may be."""
    for name, longest in (("name_ko", 60), ("name_en", 60), ("owner_name", 120)):
        if len(getattr(draft, name)) > longest:
            raise BadDefinition(_("This is longer than %(most)d characters.") % {"most": longest}, field=name)
    for name in ("description_ko", "description_en"):
        if len(getattr(draft, name)) > 500:
            raise BadDefinition(_("This is longer than %(most)d characters.") % {"most": 500}, field=name)
    for name in ("name_ko", "name_en"):
        if not getattr(draft, name).strip():
            raise BadDefinition(_("A KPI needs a name in Korean and in English."), field=name)
    for name, known in (("stage", Stage), ("unit", Unit), ("better", Better)):
        if getattr(draft, name) not in {one.value for one in known}:
            raise BadDefinition(_("Choose one from the list."), field=name)


def _check_dependents(key: str, formula: str | None) -> None:
    """Everything that refers to a KPI must still hold with its new formula (None: without it)."""
    definitions = definitions_now()
    facts = definitions.facts
    others = tuple(one for one in facts.own if one.key != key)
    own = next((one for one in facts.own if one.key == key), None)
    mine = (replace(own, formula=formula),) if own is not None and formula is not None else ()
    references = references_of(Facts(own=(*others, *mine)))
    named = [(one.key, one.formula, one.key, one.unit) for one in others]
    named += [(f"{one.kpi} · {one.market}", one.formula, "", definitions.kpi(one.kpi).unit.value)
              for one in facts.overrides if one.kpi != key or formula is None]  # fmt: skip
    for title, text, own_key, unit in named:
        if "{" not in text:
            continue
        try:
            checked = check_formula(text, references=references, key=own_key)
            broken = "" if unit in {one.value for one in checked.units} else _("Its unit would change.")
        except BadFormula as error:
            broken = str(error.sentence)
        if broken:
            raise BadDefinition(
                _("“%(name)s” refers to this KPI and would break: %(why)s") % {"name": title, "why": broken},
                fix=_("Change that one first."),
                field="formula",
            )


# --- switches ---------------------------------------------------------------------------------------------------
def switch_kpis(access: Access, wanted: Mapping[str, bool], *, now: dt.datetime) -> int:
    """Switch KPIs of the catalogue on or off; how many changed. Errors: NotYourJob, NoSuchKpi, BadDefinition."""
    access.check("define_kpis")
    strange = next((key for key in wanted if key not in BY_KEY), None)
    if strange is not None:
        raise NoSuchKpi(strange)
    with transaction.atomic():
        next_revision(THING)
        definitions = definitions_now()
        changed = {key: on for key, on in wanted.items() if (key in definitions.on) != on}
        if not (definitions.on | {k for k, on in changed.items() if on}) - {k for k, on in changed.items() if not on}:
            raise BadDefinition(_("At least one KPI has to stay switched on."))
        _keep_switches(access, changed, now)
        if changed:
            record(access, "kpi.switched", ", ".join(changed)[:200], on=[key for key, on in changed.items() if on])
    return len(changed)


def choose_set(access: Access, name: str, *, now: dt.datetime) -> int:
    """Switch on exactly what a recommended set has, and let the board begin with its KPIs; own KPIs stay."""
    access.check("define_kpis")
    chosen = SETS.get(name)
    if chosen is None:
        raise BadDefinition(_("There is no such set of KPIs."), fix=_("Choose one from the list."), field="set")
    with transaction.atomic():
        next_revision(THING)
        next_revision("choices")
        on = definitions_now().on
        wanted = {key: key in chosen.keys for key in BY_KEY if (key in on) != (key in chosen.keys)}
        _keep_switches(access, wanted, now)
        BoardChoice.objects.update_or_create(user_id=None, defaults={"kpis": list(chosen.board)})
        record(access, "kpi.set_chosen", name)
    return len(wanted)


def _keep_switches(access: Access, wanted: Mapping[str, bool], now: dt.datetime) -> None:
    KpiSwitch.objects.bulk_create(
        [KpiSwitch(kpi=key, on=on, who=str(access.user), at=now) for key, on in wanted.items()],
        update_conflicts=True, unique_fields=["kpi"], update_fields=["on", "who", "at"],
    )  # fmt: skip
