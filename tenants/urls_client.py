"""A client's own settings: markets, members, tokens, history."""

from django.urls import path

from tenants.views import audit, markets, members, tokens

app_name = "tenants"
urlpatterns = [
    path("markets/", markets.market_list, name="markets"),
    path("markets/new/", markets.market_new, name="market-new"),
    path("markets/<str:code>/", markets.market_change, name="market-change"),
    path("members/", members.member_list, name="members"),
    path("members/<int:membership_id>/", members.member_change, name="member-change"),
    path("members/<int:membership_id>/remove/", members.member_remove, name="member-remove"),
    path("tokens/", tokens.token_list, name="tokens"),
    path("tokens/<int:token_id>/revoke/", tokens.token_revoke, name="token-revoke"),
    path("audit/", audit.audit_list, name="audit"),
]
