"""The API of markets."""

from django.urls import path

from tenants import api

urlpatterns = [
    path("markets/", api.Markets.as_view(), name="api-markets"),
    path("markets/<str:code>/", api.MarketDetail.as_view(), name="api-market"),
]
