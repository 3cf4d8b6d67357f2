"""What the API of definitions takes and gives."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kpis.catalogue import Better, Stage, Unit
from kpis.catalogue.sets import SETS
from kpis.serializers.board import CellSerializer, DefinitionSerializer


class VersionSerializer(serializers.Serializer[Any]):
    """One version of an own KPI."""

    number = serializers.IntegerField()
    name_ko = serializers.CharField()
    name_en = serializers.CharField()
    stage = serializers.CharField()
    unit = serializers.CharField()
    better = serializers.CharField()
    formula = serializers.CharField()
    active = serializers.BooleanField()
    why = serializers.CharField()
    who = serializers.CharField()
    at = serializers.DateTimeField()


class FullDefinitionSerializer(DefinitionSerializer):
    """One KPI: the catalogue's or the client's own."""

    on = serializers.BooleanField()
    own = serializers.BooleanField()
    measurable = serializers.BooleanField(help_text="false: no table gives its measures yet")
    expression = serializers.CharField(help_text="an own KPI's formula as it was written")
    owner = serializers.CharField()
    local_in = serializers.ListField(child=serializers.CharField(), help_text="markets with a local definition")
    omtm_of = serializers.ListField(child=serializers.CharField(), help_text='market codes; "" is the client')
    version = serializers.IntegerField(required=False, allow_null=True)
    versions = VersionSerializer(many=True, required=False)


class OwnSerializer(serializers.Serializer[Any]):
    """An own KPI to be made."""

    key = serializers.CharField(max_length=40)
    name_ko = serializers.CharField(max_length=60)
    name_en = serializers.CharField(max_length=60)
    stage = serializers.ChoiceField(choices=[one.value for one in Stage])
    unit = serializers.ChoiceField(choices=[one.value for one in Unit])
    better = serializers.ChoiceField(choices=[one.value for one in Better])
    formula = serializers.CharField(max_length=20000, help_text='revenue[channel = "search"] / sessions')
    owner_name = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    description_ko = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    description_en = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    why = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class OwnChangeSerializer(serializers.Serializer[Any]):
    """The next version of an own KPI."""

    version = serializers.IntegerField()
    why = serializers.CharField(max_length=300)
    name_ko = serializers.CharField(max_length=60, required=False)
    name_en = serializers.CharField(max_length=60, required=False)
    stage = serializers.ChoiceField(choices=[one.value for one in Stage], required=False)
    unit = serializers.ChoiceField(choices=[one.value for one in Unit], required=False)
    better = serializers.ChoiceField(choices=[one.value for one in Better], required=False)
    formula = serializers.CharField(max_length=20000, required=False)
    owner_name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    description_ko = serializers.CharField(max_length=500, required=False, allow_blank=True)
    description_en = serializers.CharField(max_length=500, required=False, allow_blank=True)
    active = serializers.BooleanField(required=False)


class FormulaSerializer(serializers.Serializer[Any]):
    """A formula to be checked; `key` is the KPI that it is for."""

    formula = serializers.CharField(max_length=20000)
    key = serializers.CharField(max_length=40, required=False, allow_blank=True)
    unit = serializers.ChoiceField(choices=[one.value for one in Unit], required=False, allow_blank=True)


class UnitSerializer(serializers.Serializer[Any]):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class CheckedSerializer(serializers.Serializer[Any]):
    """What a formula means. A bad one is a problem with `details.start`, `details.end`, `details.suggestion`."""

    ok = serializers.BooleanField()
    formula = serializers.CharField()
    rollup = serializers.CharField()
    rollup_rule = serializers.CharField()
    units = UnitSerializer(many=True)
    measures = serializers.ListField(child=serializers.CharField())
    refers_to = serializers.ListField(child=serializers.CharField())
    hints = serializers.ListField(child=serializers.CharField())


class PreviewSerializer(serializers.Serializer[Any]):
    """A formula on data; `period` is null where there are none."""

    period = serializers.CharField(allow_null=True)
    unit = serializers.CharField()
    total = CellSerializer(allow_null=True)
    cells = CellSerializer(many=True)


class SwitchSerializer(serializers.Serializer[Any]):
    """KPIs to switch on and off; `set` first applies a recommended set."""

    set = serializers.ChoiceField(choices=list(SETS), required=False, write_only=True)
    on = serializers.ListField(child=serializers.CharField(max_length=40), required=False)
    off = serializers.ListField(child=serializers.CharField(max_length=40), required=False)


class OneMetricSerializer(serializers.Serializer[Any]):
    """The one metric of a market; `market` "" is the client, `kpi` "" forgets it."""

    market = serializers.CharField(max_length=12, allow_blank=True)
    kpi = serializers.CharField(max_length=40, allow_blank=True)


class OverrideSerializer(serializers.Serializer[Any]):
    """A local definition of a KPI in one market."""

    id = serializers.IntegerField(read_only=True)
    kpi = serializers.CharField(max_length=40)
    market = serializers.CharField(max_length=12)
    formula = serializers.CharField(max_length=20000)
    reason = serializers.CharField(max_length=300)
    state = serializers.CharField(read_only=True)
    proposed_by = serializers.CharField(read_only=True)
    proposed_at = serializers.DateTimeField(read_only=True)
    decided_by = serializers.CharField(read_only=True)
    decided_at = serializers.DateTimeField(read_only=True, allow_null=True)


class DecisionSerializer(serializers.Serializer[Any]):
    deed = serializers.ChoiceField(choices=("approve", "refuse", "end"))
