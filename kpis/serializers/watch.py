"""What the API of notes, actions and the inbox takes and gives."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kpis.models.alerts import AlertGrain, Base, Side
from kpis.models.inbox import Delivery
from kpis.models.notes import ActionState, EventType
from kpis.serializers.board import ValueSerializer
from kpis.services.alerts import KINDS


class NoteSerializer(serializers.Serializer[Any]):
    """An event or a comment; `kpi` and `market` empty: all of them. Both days are included."""

    id = serializers.IntegerField(read_only=True)
    kind = serializers.ChoiceField(["annotation", "comment"])
    event_type = serializers.ChoiceField(EventType.choices, required=False, allow_blank=True)
    kpi = serializers.CharField(max_length=40, allow_blank=True, required=False, default="")
    market = serializers.CharField(max_length=12, allow_blank=True, required=False, default="")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False)
    text = serializers.CharField(max_length=2000)
    shared = serializers.BooleanField(required=False, default=False, help_text="of all markets: visible to markets")
    parent = serializers.IntegerField(read_only=True, allow_null=True)  # type: ignore[assignment]
    who = serializers.CharField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    edited_at = serializers.DateTimeField(read_only=True, allow_null=True)


class NoteTextSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=2000)


class EffectSerializer(serializers.Serializer[Any]):
    """The KPI in the days before the start and in as many after, in the market's own currency."""

    days = serializers.IntegerField()
    currency = serializers.CharField(allow_null=True)
    before = ValueSerializer()
    after = ValueSerializer()


class ActionSerializer(serializers.Serializer[Any]):
    """What is done about a KPI in a market. KPI and market can't be changed later."""

    id = serializers.IntegerField(read_only=True)
    text = serializers.CharField(max_length=2000)
    kpi = serializers.CharField(max_length=40)
    market = serializers.CharField(max_length=12, allow_blank=True, required=False, default="")
    owner_id = serializers.IntegerField(help_text="a member's number")
    owner = serializers.CharField(read_only=True)
    due_on = serializers.DateField()
    state = serializers.ChoiceField(ActionState.choices, required=False, default=ActionState.OPEN)
    expected = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    started_on = serializers.DateField(required=False, allow_null=True, default=None)
    done_on = serializers.DateField(required=False, allow_null=True, default=None)
    window_days = serializers.IntegerField(required=False, default=28)
    shared = serializers.BooleanField(required=False, default=False)
    overdue = serializers.BooleanField(read_only=True)
    effect = EffectSerializer(read_only=True)


class InboxItemSerializer(serializers.Serializer[Any]):
    """One thing that you were told, in your language."""

    id = serializers.IntegerField(read_only=True)
    kind = serializers.CharField()
    text = serializers.CharField()
    link = serializers.CharField(help_text="address inside the client")
    market = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class InboxReadSerializer(serializers.Serializer[Any]):
    """Which item was read; without a number all."""

    id = serializers.IntegerField(required=False)
    delivery = serializers.ChoiceField(
        Delivery.choices, required=False, help_text="how you want to be told from now on"
    )


class ReadSerializer(serializers.Serializer[Any]):
    read = serializers.IntegerField()
    delivery = serializers.CharField()


class AlertSerializer(serializers.Serializer[Any]):
    """What is watched and who is told. `markets` empty: all that its owner sees.

    `limit`: a value (threshold; a percent is a rate from 0 to 1), a share from 0 to 1 (change, pacing), a robust z
    (anomaly) or a number of days (missing).
    """

    id = serializers.IntegerField(read_only=True)
    name = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    kpi = serializers.CharField(max_length=40)
    kind = serializers.ChoiceField([(kind.value, kind.label) for kind in KINDS])
    limit = serializers.FloatField()
    markets = serializers.ListField(child=serializers.CharField(max_length=12), required=False, default=list)
    grain = serializers.ChoiceField(AlertGrain.choices, required=False, default=AlertGrain.DAY)
    side = serializers.ChoiceField(Side.choices, required=False, default=Side.BELOW)
    base = serializers.ChoiceField(Base.choices, required=False, default=Base.PREVIOUS)
    currency = serializers.CharField(required=False, default="own", help_text="the home currency, or own")
    recipients = serializers.ListField(child=serializers.IntegerField(), help_text="members' numbers")
    by_mail = serializers.BooleanField(required=False, default=True)
    active = serializers.BooleanField(required=False)
    muted_until = serializers.DateField(required=False, allow_null=True)
    owner = serializers.CharField(read_only=True)
    last_checked_at = serializers.DateTimeField(read_only=True, allow_null=True)
    state = serializers.CharField(read_only=True, help_text="new, quiet, firing, broken or off")
    why = serializers.CharField(read_only=True, help_text="why it can't run")
    last_fired_on = serializers.DateField(read_only=True, allow_null=True)


class AlertEventSerializer(serializers.Serializer[Any]):
    """One firing, with its sentence in your language."""

    id = serializers.IntegerField()
    alert = serializers.IntegerField()
    kpi = serializers.CharField()
    market = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text="included")
    value = serializers.FloatField(allow_null=True)
    expected = serializers.FloatField(allow_null=True)
    currency = serializers.CharField(allow_null=True)
    sentence = serializers.CharField()
    muted = serializers.BooleanField()
    at = serializers.DateTimeField()


class RehearsedSerializer(serializers.Serializer[Any]):
    market = serializers.CharField()
    starts_on = serializers.DateField()
    as_of = serializers.DateField()
    value = serializers.FloatField(allow_null=True)
    expected = serializers.FloatField(allow_null=True)


class RehearsalSerializer(serializers.Serializer[Any]):
    """What an alert would have found in the past 90 days."""

    first = serializers.DateField()
    last = serializers.DateField()
    times = serializers.IntegerField()
    fired = RehearsedSerializer(many=True)
