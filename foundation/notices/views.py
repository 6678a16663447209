"""A person's notices, what the person wants sent elsewhere, and the pen of what could not be delivered."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from foundation.common import clock
from foundation.common.errors import NotYours, Refused
from foundation.common.links import link_of
from foundation.notices import actions, queries
from foundation.notices.models import Notice
from foundation.notices.statuses import Channel, Digest
from foundation.notices.words import KINDS, Words, text_of, title_of
from foundation.organizations.pages import PageRequest, in_post

PAGE = 50
UNKNOWN = Words("消息", "", "bell")


@in_post
@never_cache
@require_safe
def notices(request: PageRequest) -> HttpResponse:
    """The person's notices, newest first, 50 a page; all or the unread ones."""
    unread = request.GET.get("show") == "unread"
    before = request.GET.get("before", "")
    before_id = int(before) if before.isdecimal() and len(before) < 19 else None
    found = list(queries.of_user(user_id=request.user.pk, unread=unread, before=before_id)[: PAGE + 1])
    context = {
        "rows": [_shown(row) for row in found[:PAGE]],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "paged": before_id is not None,
        "unread_only": unread,
        "unread": queries.unread_count(request.user),
        "newest": found[0].pk if found else 0,
        "may_see_pen": bool(request.actor.organs("manage_accounts")),
    }
    return render(request, "notices/list.html", context)


def _shown(row: Notice) -> dict[str, Any]:
    words = KINDS.get(row.kind, UNKNOWN)
    return {
        "row": row,
        "icon": words.icon,
        "tone": words.tone,
        "title": words.title,
        "text": text_of(row.kind, row.params),
        "link": _link(row),
    }


def _link(row: Notice) -> str:
    kind = row.subject_type
    return link_of(subject_type=f"{kind.app_label}.{kind.model}", subject_id=row.subject_id) if kind else ""


@in_post
@require_POST
def notice_open(request: PageRequest, pk: int) -> HttpResponse:
    """Mark one of the person's notices as read and go to what it speaks of."""
    row = get_object_or_404(Notice.objects.select_related("subject_type"), pk=pk, user_id=request.user.pk)
    actions.mark_read(user_id=request.user.pk, notice_ids=[row.pk], at=clock.now())
    return redirect(_link(row) or reverse("notices"))


@in_post
@require_POST
def notice_read(request: PageRequest) -> HttpResponse:
    """Mark one notice (`notice`) or all up to the newest shown (`up_to`) as read."""
    at, user_id = clock.now(), request.user.pk
    one, up_to = request.POST.get("notice", ""), request.POST.get("up_to", "")
    if one.isdecimal() and len(one) < 19:
        actions.mark_read(user_id=user_id, notice_ids=[int(one)], at=at)
    elif up_to.isdecimal() and len(up_to) < 19:
        count = actions.mark_all_read(user_id=user_id, up_to=int(up_to), at=at)
        messages.success(request, f"已将 {count} 条消息标为已读。")
    else:
        raise Refused("没有选中消息，请刷新页面后重试。")
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    target = request.POST.get("back", "")
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}) else reverse("notices")


@in_post
@never_cache
def notice_preferences(request: PageRequest) -> HttpResponse:
    """What the person wants sent by mail or through the gateway: at once, in a daily digest, or not at all."""
    refusal = _save(request) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        messages.success(request, "接收方式已保存，从下一条消息起生效。")
        return redirect("notice_preferences")
    chosen = queries.preferences_of(request.user.pk)
    own = {Channel.EMAIL: request.user.email, Channel.WEBHOOK: request.user.phone}
    channels = [
        {
            "name": channel.value,
            "label": channel.label,
            "digest": request.POST.get(f"{channel}_digest", chosen[channel].digest if channel in chosen else Digest.OFF),
            "address": request.POST.get(f"{channel}_address", chosen[channel].address if channel in chosen else ""),
            "own": own[channel],
            "missing": channel == Channel.WEBHOOK and not settings.NOTICE_WEBHOOK_URL,
            "error": refusal.message if refusal and refusal.field == channel else "",
        }
        for channel in Channel
    ]
    context = {"channels": channels, "digests": Digest.choices}
    return render(request, "notices/preferences.html", context, status=422 if refusal else 200)


def _save(request: PageRequest) -> Refused | None:
    """Save the choices of every channel, or say what is wrong with one of them and save none."""
    wanted = {
        channel: (request.POST.get(f"{channel}_digest", ""), request.POST.get(f"{channel}_address", "")) for channel in Channel.values
    }
    try:
        actions.prefer_all(user_id=request.user.pk, wanted=wanted)
    except Refused as refusal:
        return refusal
    return None


@in_post
@never_cache
@require_safe
def delivery_pen(request: PageRequest) -> HttpResponse:
    """What could not be delivered in the county, with the reason and a button to send it again."""
    if not request.actor.organs("manage_accounts"):
        raise NotYours("只有系统管理员可以查看未能送出的消息。")
    page = Paginator(queries.pen_for(request.actor), PAGE).get_page(request.GET.get("page"))
    rows = [
        {"row": row, "title": title_of(row.notice.kind), "text": text_of(row.notice.kind, row.notice.params)} for row in page.object_list
    ]
    return render(request, "notices/pen.html", {"rows": rows, "page": page})


@in_post
@require_POST
def delivery_resend(request: PageRequest, pk: int) -> HttpResponse:
    """Put one delivery of the pen back to be sent."""
    if not request.actor.organs("manage_accounts"):
        raise NotYours("只有系统管理员可以重新发送消息。")
    row = get_object_or_404(queries.pen_for(request.actor), pk=pk)
    actions.resend(actor=request.actor, delivery=row, at=clock.now())
    messages.success(request, "已重新排队发送。")
    return redirect("delivery_pen")
