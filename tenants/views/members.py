"""Who belongs to a client, as what, for which markets."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from problems.errors import NotFound, Problem
from tenants.access import Access
from tenants.forms import MemberForm
from tenants.models import Membership
from tenants.queries import members_of
from tenants.services import add_member, change_member, remove_member
from tenants.views.door import access_to


@require_http_methods(["GET", "POST"])
def member_list(request: HttpRequest) -> HttpResponse:
    access = access_to(request)
    access.check("manage_members")
    form = MemberForm(request.POST or None, markets=list(access.markets))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            add_member(
                access, email=data["email"], name=data["name"], role=data["role"], market_codes=form.market_codes()
            )
        except Problem as problem:
            form.add_error(problem.details.get("field"), str(problem))
        else:
            messages.success(
                request,
                _("%(email)s is a member now. A new person sets a password with “Forgot your password?”.")
                % {"email": data["email"]},
            )
            return redirect("tenants:members")
    return render(request, "tenants/members.html", {"members": members_of(access.client), "form": form})


@require_http_methods(["GET", "POST"])
def member_change(request: HttpRequest, membership_id: int) -> HttpResponse:
    access = access_to(request)
    access.check("manage_members")
    membership = _member(access, membership_id)
    initial = {
        "email": membership.user.email,
        "name": membership.user.name,
        "role": membership.role,
        "markets": [] if membership.all_markets else [m.code for m in membership.markets.all()],
    }
    form = MemberForm(request.POST or None, initial=initial, markets=list(access.markets))
    form.fields["email"].disabled = form.fields["name"].disabled = True
    if request.method == "POST" and form.is_valid():
        try:
            change_member(access, membership, role=form.cleaned_data["role"], market_codes=form.market_codes())
        except Problem as problem:
            form.add_error(problem.details.get("field"), str(problem))
        else:
            messages.success(request, _("Saved."))
            return redirect("tenants:members")
    return render(request, "tenants/member_form.html", {"form": form, "membership": membership})


@require_POST
def member_remove(request: HttpRequest, membership_id: int) -> HttpResponse:
    access = access_to(request)
    membership = _member(access, membership_id)
    remove_member(access, membership)
    messages.success(request, _("%(email)s is no longer a member.") % {"email": membership.user.email})
    return redirect("tenants:members")


def _member(access: Access, membership_id: int) -> Membership:
    membership = members_of(access.client).filter(pk=membership_id).first()
    if membership is None:
        raise NotFound(_("There is no such member."))
    return membership
