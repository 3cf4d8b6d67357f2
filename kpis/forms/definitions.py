"""Forms of own KPIs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kpis.catalogue import Better, Stage, Unit
from kpis.models import OwnKpi
from kpis.services.definitions import OwnDraft


class OwnKpiForm(forms.Form):
    """An own KPI; with `own` its key stays, and a reason is asked for."""

    key = forms.CharField(label=_("Key"), max_length=40, help_text=_("Small letters, digits and _; it never changes."))
    name_ko = forms.CharField(label=_("Korean name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=60)
    stage = forms.ChoiceField(label=_("Stage"))
    formula = forms.CharField(
        label=_("Formula"),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off", "data-formula": ""}),
    )
    unit = forms.ChoiceField(label=_("Unit"))
    better = forms.ChoiceField(label=_("Good when"))
    owner_name = forms.CharField(label=_("Owner"), max_length=120, required=False)
    description_ko = forms.CharField(
        label=_("Description in Korean"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    description_en = forms.CharField(
        label=_("Description in English"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    why = forms.CharField(label=_("Why it changes"), max_length=300, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, own: OwnKpi | None = None, **kwargs: Any) -> None:
        self.own = own
        super().__init__(*args, **kwargs)
        self._choices("stage", Stage)
        self._choices("unit", Unit)
        self._choices("better", Better)
        if own is None:
            del self.fields["why"], self.fields["version"]
        else:
            del self.fields["key"]
            self.fields["why"].required = True

    def _choices(self, name: str, known: Any) -> None:
        self.fields[name].choices = [(one.value, str(one.words)) for one in known]  # type: ignore[attr-defined]

    def draft(self) -> OwnDraft:
        """What was typed, as the service takes it."""
        found = {name: value for name, value in self.cleaned_data.items() if name not in ("why", "version")}
        if self.own is not None:
            found["key"] = self.own.key
        return OwnDraft(**found)


def initial_of(own: OwnKpi) -> dict[str, Any]:
    """What the form of an own KPI begins with."""
    return {name: getattr(own, name) for name in OwnKpiForm.base_fields if hasattr(own, name)}
