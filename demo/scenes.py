"""Scenes that each show one rule, dated relative to today."""

from datetime import date, timedelta
from functools import partial

from approvals import actions as approvals
from approvals.statuses import Intake
from catalogue.models import HandlingItem
from demo.story import Story
from foundation.common import clock
from parties.models import Party
from pushes import returns
from pushes.models import Push


def play(story: Story) -> None:
    """Plan every scene that the county's catalogue can show."""
    today = story.now.date()
    back = [today]
    for _ in range(8):
        back.append(story.calendar.subtract(back[-1], 1).last_day)
    _plain(story, back)
    _returned_once(story, back[1])
    _returned_twice(story, back[4])
    _several_departments(story, back[1])
    _penned(story, back[2])
    _waiting_drafts(story, back[1])


def _item(story: Story, name: str, handling: str = "") -> HandlingItem | None:
    return next((one for one in story.items if one.item.name == name and (not handling or one.name == handling)), None)


def _party(story: Story, words: str = "") -> Party:
    return next((one for one in story.parties if words and words in one.name), story.parties[len(words) % len(story.parties)])


def _plain(story: Story, back: list[date]) -> None:
    """Pushed 1, 3, 4, 5 and 6 working days ago and left alone: green, amber, due today, lapsed."""
    for days, name, handling in (
        (1, "食品经营许可", "新办"),
        (2, "食品生产许可", "延续"),
        (3, "公共场所卫生许可", "新办（一般程序）"),
        (4, "药品零售企业经营许可", "变更"),
        (5, "小经营店登记", "新办"),
        (5, "食品经营许可", "变更"),
        (6, "取水许可", "取水许可新办"),
        (1, "公共场所卫生许可", "新办（告知承诺）"),
    ):
        item = _item(story, name, handling)
        if item:
            party = _party(story, "幼儿园" if handling == "新办" and name == "食品经营许可" else name[:2])
            story.at(story.moment(back[days]), partial(story.decide, item, party, follow=False))


def _several_departments(story: Story, day: date) -> None:
    """One decision, several departments, one of which has claimed (E-06)."""
    item = _item(story, "建筑工程施工许可证核发", "首次申请") or _item(story, "食品经营许可", "延续")
    if item is None:
        return

    def decide() -> None:
        decision = story.decide(item, _party(story, "建筑"), follow=False)
        first = Push.objects.filter(payload_id=decision.pk, payload_type__model="decision").order_by("pk")[0]
        story.at(clock.now() + timedelta(minutes=40), lambda: story.claim(first.pk))

    story.at(story.moment(day), decide)


def _returned_once(story: Story, day: date) -> None:
    """Returned as misrouted, the bureau owes an answer (E-05)."""
    item = _item(story, "道路货物运输经营许可", "新办") or _item(story, "食品经营许可", "补办")
    if item is None:
        return

    def decide() -> None:
        decision = story.decide(item, _party(story, "物流"), follow=False)
        push = Push.objects.filter(payload_id=decision.pk, payload_type__model="decision").order_by("pk")[0]
        story.at(clock.now() + timedelta(hours=1), lambda: story.give_back(push.pk, answer=False))

    story.at(story.moment(day), decide)


def _returned_twice(story: Story, day: date) -> None:
    """Returned, maintained, returned again: parked for the duty ruling (SC-20e)."""
    item = _item(story, "机动车维修经营备案") or _item(story, "食品经营许可", "注销")
    if item is None:
        return

    def decide() -> None:
        decision = story.decide(item, _party(story, "物流"), follow=False)
        push = Push.objects.filter(payload_id=decision.pk, payload_type__model="decision").order_by("pk")[0]
        story.at(clock.now() + timedelta(minutes=50), lambda: story.give_back(push.pk, answer=False))
        story.at(clock.now() + timedelta(minutes=110), lambda: maintain(push.pk))
        story.at(clock.now() + timedelta(minutes=150), lambda: story.give_back(push.pk, answer=False))

    def maintain(push_id: int) -> None:
        returns.answer_return(actor=story.town.actor("head"), push_id=push_id, answer="confirmed", reason="目录如此，请先认领。")

    story.at(story.moment(day).replace(hour=9), decide)


def _penned(story: Story, day: date) -> None:
    """A decision from another system whose item is in nobody's catalogue: it waits in the routing pen."""

    def report() -> None:
        values = {
            "party": _party(story, "宾馆"),
            "item_text": "户外广告设施设置审批·新设",
            "document_number": story.number("城管许"),
            "content": "楼顶广告一处",
            "decided_on": clock.today(),
        }
        approvals.report(actor=story.town.actor("clerk"), organ_id=story.town.organs["bureau"].pk, values=values)

    story.at(story.moment(day), report)


def _waiting_drafts(story: Story, day: date) -> None:
    """One draft with its clerk, one submitted and waiting for the second person, one old decision taken in as history."""

    def prepare() -> None:
        clerk, bureau = story.town.actor("clerk"), story.town.organs["bureau"].pk
        item = story.items[0]
        values = {"handling_item": item, "party": _party(story, "食品"), "content": "按批准的方案实施", "decided_on": clock.today()}
        approvals.draft(actor=clerk, organ_id=bureau, values=values)
        waiting = approvals.draft(actor=clerk, organ_id=bureau, values=values | {"document_number": story.number()})
        approvals.submit(actor=clerk, decision_id=waiting.pk)
        old = values | {"document_number": story.number("行审旧"), "decided_on": date(2022, 3, 7), "content": "历史档案补录"}
        approvals.report(actor=clerk, organ_id=bureau, values=old, intake=Intake.HISTORY)

    story.at(story.moment(day), prepare)
