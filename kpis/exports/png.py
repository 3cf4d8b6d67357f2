"""A document as a picture: the first pages of its PDF, one below the other."""

from __future__ import annotations

import io

MOST_PAGES = 3
SCALE = 1.6  # of 72 dots an inch
GAP = 12


def png_of(pdf: bytes) -> bytes:
    """The bytes of the PNG; pages beyond the third stay in the PDF, whose page numbers ("1 / 5") tell so."""
    import pypdfium2
    from PIL import Image

    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [document[number].render(scale=SCALE).to_pil() for number in range(min(len(document), MOST_PAGES))]
    finally:
        document.close()
    width, height = max(page.width for page in pages), sum(page.height + GAP for page in pages) - GAP
    picture = Image.new("RGB", (width, height), "#D7DBE5")
    top = 0
    for page in pages:
        picture.paste(page, (0, top))
        top += page.height + GAP
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
