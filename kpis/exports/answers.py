"""A document as a file that the browser keeps, whatever language its name is in."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from kpis.exports.document import Document

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _xlsx(document: Document) -> bytes:
    from kpis.exports.xlsx import xlsx_of

    return xlsx_of(document)


def _pdf(document: Document) -> bytes:
    from kpis.exports.pdf import pdf_of

    return pdf_of(document)


def _png(document: Document) -> bytes:
    from kpis.exports.png import png_of

    return png_of(_pdf(document))


FORMATS: dict[str, tuple[str, Callable[[Document], bytes]]] = {
    "xlsx": (XLSX, _xlsx),
    "pdf": ("application/pdf", _pdf),
    "png": ("image/png", _png),
}


def file_answer(document: Document, kind: str, name: str) -> HttpResponse:
    """The document as an attachment `name.kind`; a Korean name is written as RFC 5987 says. `kind`: xlsx, pdf, png."""
    content_type, write = FORMATS[kind]
    answer = HttpResponse(write(document), content_type=content_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.{kind}") or ""
    return answer
