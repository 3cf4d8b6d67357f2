"""The gallery: every component in its states, on made-up numbers that say so."""

from ui.gallery.frame import gallery_frame
from ui.gallery.page import GalleryPage, gallery_page

__all__ = ["GalleryPage", "gallery_frame", "gallery_page"]
