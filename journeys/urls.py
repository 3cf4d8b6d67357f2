"""Pages of journeys inside a client; the first is the client's home."""

from django.urls import path

from journeys import views

app_name = "journeys"
urlpatterns = [path("", views.home, name="home")]
