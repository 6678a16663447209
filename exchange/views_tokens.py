"""The page on which the keeper of accounts makes and revokes tokens of outside systems."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from exchange.forms import TokenForm
from exchange.queries import tokens_of
from exchange.tokens import make_token, revoke_token
from foundation.common import clock
from foundation.common.errors import NotYours, Refused
from foundation.common.pages import page_of
from foundation.organizations.pages import PageRequest, in_post


@in_post
@never_cache
@require_http_methods(["GET", "POST"])
def token_list(request: PageRequest) -> HttpResponse:
    """Tokens of the county, and a new one, whose secret is shown in the answer and nowhere again."""
    organs = request.actor.organs("manage_accounts")
    if not organs:
        raise NotYours("只有系统管理员可以发放和收回接口令牌。")
    form = TokenForm(request.POST or None, organ_ids=organs)
    secret = ""
    if request.method == "POST" and form.is_valid():
        try:
            _, secret = make_token(actor=request.actor, at=clock.now(), **form.cleaned_data)
            form = TokenForm(organ_ids=organs)
        except NotYours:
            raise
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.message)
    context = {"form": form, "secret": secret, "page": page_of(request, tokens_of(request.actor)), "today": clock.today()}
    return render(request, "exchange/tokens.html", context)


@in_post
@require_POST
def token_revoke(request: PageRequest, pk: int) -> HttpResponse:
    """Revoke a token."""
    token = revoke_token(actor=request.actor, pk=pk, at=clock.now())
    messages.success(request, f"“{token.name}”的令牌已收回，立即失效。")
    return redirect("token_list")
