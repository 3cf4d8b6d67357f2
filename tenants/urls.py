"""Portal pages: my clients, a new client, my account."""

from django.urls import path

from tenants.views import account, clients

app_name = "tenants"
urlpatterns = [
    path("", clients.client_list, name="clients"),
    path("clients/new/", clients.client_new, name="client-new"),
    path("clients/country/", clients.country_facts, name="country-facts"),
    path("clients/<slug:slug>/progress/", clients.client_progress, name="client-progress"),
    path("clients/<slug:slug>/retry/", clients.client_retry, name="client-retry"),
    path("account/", account.account, name="account"),
]
