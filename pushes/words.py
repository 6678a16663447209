"""What has become of a push, in words a clerk understands."""

from foundation.common import clock
from pushes.models import Push
from pushes.statuses import PushState


def already(push: Push) -> str:
    """Why an act is no longer possible on this push: what happened to it, and when."""
    when = _moment(push)
    if push.state == PushState.AUTO_CLAIMED:
        return f"没有认领：这件推送已于{when}由系统自动认领，请到监管任务中办理。"
    if push.state == PushState.CLAIMED:
        who = push.claimed_by.full_name if push.claimed_by else "本单位"
        return f"这件推送已于{when}由{who}认领，不需要再办。"
    return {
        PushState.RETURNED: "这件推送已退回，正在等发送单位答复。",
        PushState.REASSIGNED: "这件推送已改派给其他单位，新期限另起。",
        PushState.PARKED: "这件推送已第二次退回，正在等职责裁定。",
        PushState.WITHDRAWN: "这件推送已由发送单位撤回。",
        PushState.SUPERSEDED: "这件推送的内容已有更正，请办理更正后的新推送。",
        PushState.WAITING: "这件推送还没有认领。",
    }[PushState(push.state)]


def _moment(push: Push) -> str:
    if push.claimed_at is None:
        return ""
    if push.state == PushState.AUTO_CLAIMED:
        day = clock.day_of_effect(push.claimed_at)
        return f"{day.month}月{day.day}日 24:00 "
    moment = clock.local(push.claimed_at)
    return f"{moment.month}月{moment.day}日 {moment:%H:%M} "
