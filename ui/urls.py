"""Mounted in every URL root, so that a page under any prefix can remember what its reader chose."""

from django.urls import path

from ui import views

app_name = "ui"
urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("gallery/", views.gallery, name="gallery"),
    path("gallery/<slug:fragment>/", views.gallery_fragment, name="gallery-fragment"),
]
