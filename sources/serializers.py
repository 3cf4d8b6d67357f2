"""Imports as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from sources.errors import stored_problem
from sources.models import FileImport
from sources.planning import open_questions, plan_of
from sources.queries.sheet import notes_of


class UploadSerializer(serializers.Serializer[Any]):
    """A file to import, as multipart/form-data."""

    file = serializers.FileField(help_text="CSV, TSV, XLSX, or gzip of CSV/TSV.")


class ReadAgainSerializer(serializers.Serializer[Any]):
    """How the file is to be read; what is left out is found out."""

    encoding = serializers.CharField(required=False, help_text="utf-8, cp949, utf-16-le …")
    delimiter = serializers.CharField(
        required=False, max_length=3, trim_whitespace=False, help_text="One character, or tab."
    )
    sheet = serializers.CharField(required=False)
    header_row = serializers.IntegerField(required=False, min_value=0, help_text="0 when there is none.")


class PlanSerializer(serializers.Serializer[Any]):
    """A mapping, as GET of the import gives it in `plan`."""

    table = serializers.CharField(help_text="channel_daily, orders, order_items, products, customers or events.")
    source = serializers.CharField(max_length=40)  # type: ignore[assignment]
    columns = serializers.ListField(
        child=serializers.DictField(),
        help_text="target with column or constant, and cast {kind, decimal, thousands, formats, values …}.",
    )
    breakdown = serializers.ListField(child=serializers.CharField(), required=False)
    skip_totals = serializers.BooleanField(required=False)


class ImportSummarySerializer(serializers.ModelSerializer[FileImport]):
    """An import in a list."""

    source = serializers.SlugRelatedField[Any](slug_field="key", read_only=True)  # type: ignore[assignment]
    person = serializers.EmailField(source="person_email", read_only=True)

    class Meta:
        model = FileImport
        fields = (
            "id",
            "name",
            "size",
            "state",
            "progress",
            "source",
            "markets",
            "loaded",
            "person",
            "created_at",
            "finished_at",
        )
        read_only_fields = fields


class ImportSerializer(ImportSummarySerializer):
    """An import with everything that a caller needs to map, confirm and follow it."""

    shape = serializers.JSONField(read_only=True, help_text="How the file is written: encoding, delimiter, columns …")
    plan = serializers.JSONField(read_only=True)
    check_result = serializers.JSONField(
        read_only=True, help_text="What loading would do; null before the first check."
    )
    questions = serializers.SerializerMethodField(help_text="Targets that still need a column or one value.")
    notes = serializers.SerializerMethodField()
    problem = serializers.SerializerMethodField()

    class Meta:
        model = FileImport
        fields = (
            *ImportSummarySerializer.Meta.fields,
            "shape",
            "plan",
            "value_counts",
            "check_result",
            "questions",
            "notes",
            "problem",
        )
        read_only_fields = fields

    def get_questions(self, file_import: FileImport) -> list[str]:
        return list(open_questions(plan_of(file_import.plan))) if file_import.plan else []

    def get_notes(self, file_import: FileImport) -> list[str]:
        return notes_of(file_import) if file_import.shape else []

    def get_problem(self, file_import: FileImport) -> dict[str, Any] | None:
        if not file_import.problem:
            return None
        sentence, fix = stored_problem(file_import.problem)
        return {"code": file_import.problem.get("code"), "title": str(sentence), "detail": str(fix)}


class RejectSerializer(serializers.Serializer[Any]):
    """Why one row stayed out."""

    row = serializers.IntegerField(help_text="As in the file, the header included.")
    column = serializers.CharField()
    value = serializers.CharField()
    code = serializers.CharField()
    reason = serializers.CharField()
