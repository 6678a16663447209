"""Months of ordinary work in a demo county, told by the same actions that people use, with the clock set to each moment in turn."""

import heapq
import itertools
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from approvals import actions as approvals
from approvals import duties
from approvals.models import Decision
from approvals.statuses import DeliveryMeans
from catalogue.models import HandlingItem
from demo.people import Town
from foundation.common import clock
from foundation.deadlines import settling
from foundation.deadlines.queries import calendar_for_county, clocks_by_subject
from parties.models import Party
from pushes import actions as pushes
from pushes import returns
from pushes.models import Push
from pushes.queries import CLAIM_KEYS
from pushes.statuses import PushState
from supervision import actions as supervision
from supervision.models import Task
from supervision.statuses import FirstAction, Outcome, TaskState

CONTENTS = ("热食类食品制售；自制饮品制售", "预包装食品销售", "按核准的范围和条件经营", "按批准的方案实施", "准予设立，登记事项见证照")
VALID_YEARS = 5
DELIVERIES = ((DeliveryMeans.WINDOW, "申请人签收"), (DeliveryMeans.POST, "邮政快递，已签收"), (DeliveryMeans.ELECTRONIC, ""))
PUBLISHED_ON = "信用中国网站"


class Story:
    """A queue of moments: each thing done may bring about later ones. Nothing here writes a row itself."""

    def __init__(self, town: Town, *, items: list[HandlingItem], parties: list[Party], now: datetime, seed: int) -> None:
        self.town, self.items, self.parties, self.now = town, items, parties, now
        self.chance = random.Random(seed)  # noqa: S311 - a story, not a secret
        self.calendar = calendar_for_county(town.county.pk)
        self._queue: list[tuple[datetime, int, Callable[[], object]]] = []
        self._order = itertools.count()
        self._numbers = itertools.count(1)
        self._swept = date.min

    def at(self, moment: datetime, act: Callable[[], object]) -> None:
        """Plan an act; what lies in the future never happens."""
        if moment < self.now:
            heapq.heappush(self._queue, (moment, next(self._order), act))

    def tell(self) -> None:
        """Do everything planned in the order of time, and let the clock do its own acts in between."""
        while self._queue:
            moment, _, act = heapq.heappop(self._queue)
            with clock.frozen(moment):
                if moment.date() > self._swept:
                    settling.sweep(at=moment)
                    self._swept = moment.date()
                act()
        settling.sweep(at=self.now)

    def workday(self, day: date) -> date:
        """The day itself, or the next working day."""
        return day if self.calendar.is_working(day) else self.calendar.next_workday(day)

    def moment(self, day: date) -> datetime:
        """Some minute of office hours on that day."""
        return clock.start_of(day) + timedelta(hours=self.chance.choice((8, 9, 10, 14, 15, 16)), minutes=self.chance.randint(5, 55))

    def number(self, kind: str = "行审许") -> str:
        """The next document number of the story."""
        prefix = self.town.county.letter_prefix
        return f"{prefix}{kind}〔{clock.today().year}〕{next(self._numbers):04d}号"

    def months_of_work(self, *, since: date, count: int) -> None:
        """Plan `count` decisions between a day and now, more of them for what counties decide most."""
        span = (self.now.date() - since).days
        weights = [6 if item.item.competent and item.item.competent.short_name.startswith("市场监督") else 2 for item in self.items]
        for item in self.chance.choices(self.items, weights=weights, k=count):
            day = self.workday(since + timedelta(days=int(span * self.chance.random())))
            party = self.chance.choice(self.parties)
            self.at(self.moment(day), partial(self.decide, item, party))

    def decide(self, item: HandlingItem, party: Party, *, follow: bool = True) -> Decision:
        """A clerk drafts, another person issues; it is pushed at once."""
        drafter = self.town.actor(self.chance.choice(("clerk", "clerk1", "clerk2", "clerk3", "clerk4")))
        today = clock.today()
        decision = approvals.draft(actor=drafter, organ_id=self.town.organs["bureau"].pk, values=self._values(item, party, today))
        approvals.submit(actor=drafter, decision_id=decision.pk)
        decision = approvals.issue(actor=self.town.actor("head"), decision_id=decision.pk)
        if follow:
            for push in Push.objects.filter(payload_id=decision.pk, payload_type__model="decision"):
                self._plan_claim(push)
            self._plan_duties(decision)
        return decision

    def _plan_duties(self, decision: Decision) -> None:
        """Most certificates are delivered and decisions published in time, some late, a few are forgotten for weeks."""
        for record, days in ((self._deliver, 10), (self._publish, 7)):
            spans = ((1, days - 2), (days + 1, days + 6), (days + 20, days + 45))
            span = self.chance.choices(spans, weights=(82, 10, 8))[0]
            begin = self.calendar.add(decision.decided_on, self.chance.randint(*span)).last_day
            self.at(self.moment(begin), partial(record, decision.pk))

    def _deliver(self, decision_id: int) -> None:
        means, note = self.chance.choices(DELIVERIES, weights=(6, 3, 1))[0]
        duties.record_delivery(actor=self.town.actor("clerk"), decision_id=decision_id, delivered_on=clock.today(), how=means, note=note)

    def _publish(self, decision_id: int) -> None:
        duties.record_publication(actor=self.town.actor("clerk"), decision_id=decision_id, published_on=clock.today(), where=PUBLISHED_ON)

    def _values(self, item: HandlingItem, party: Party, today: date) -> dict[str, object]:
        return {
            "handling_item": item,
            "party": party,
            "title": "准予行政许可决定书",
            "document_number": self.number(),
            "certificate_name": item.item.name.removesuffix("核发")[:30] + "证",
            "certificate_number": f"Y{self.town.county.code}{today:%y%m}{self.chance.randint(0, 99999):05d}",
            "content": self.chance.choice(CONTENTS),
            "commitment_mode": item.commitment_mode,
            "decided_on": today,
            "valid_from": today,
            "valid_to": date(today.year + VALID_YEARS, today.month, min(today.day, 28)) - timedelta(days=1),
        }

    def _plan_claim(self, push: Push) -> None:
        """Most pushes are claimed in time, some lapse or are late, a few come back."""
        fate = self.chance.choices(("claim", "lapse", "late", "return"), weights=(84, 9, 4, 3))[0]
        running = clocks_by_subject(Push, [push.pk], keys=CLAIM_KEYS).get(push.pk)
        if fate == "claim" and running:
            days = self.chance.randint(0, max((running.last_day - running.day_zero).days - 1, 0))
            self.at(self._after(push.pushed_at, days), lambda: self.claim(push.pk))
        elif fate == "late" and running:
            late = self.calendar.add(running.last_day, self.chance.randint(1, 4)).last_day
            self.at(self.moment(late), lambda: self.claim(push.pk))
        elif fate == "return":
            self.at(self._after(push.pushed_at, 1), lambda: self.give_back(push.pk))
        if running:
            self.at(running.due_at + timedelta(days=2, hours=9), lambda: self._plan_task(push.pk))

    def _after(self, moment: datetime, days: int) -> datetime:
        day = self.workday((moment + timedelta(days=days)).date())
        return max(self.moment(day), moment + timedelta(minutes=self.chance.randint(9, 90)))

    def liaison(self, push: Push) -> str:
        """The user name of the officer who handles this push."""
        key = next(key for key, organ in self.town.organs.items() if organ.pk == push.receiver_id)
        return f"{key}.{self.chance.choice('aab')}"

    def claim(self, push_id: int) -> None:
        """A liaison officer claims, if it is still waiting."""
        push = Push.objects.get(pk=push_id)
        if push.state == PushState.WAITING:
            pushes.claim(actor=self.town.actor(self.liaison(push)), push_ids=[push_id])

    def give_back(self, push_id: int, *, answer: bool = True) -> None:
        """A department returns a push; the bureau maintains it the day after."""
        push = Push.objects.get(pk=push_id)
        if push.state != PushState.WAITING:
            return
        explanation = "经核对三定方案，这一办理项的日常监管由其他单位承担。"
        returns.give_back(actor=self.town.actor(self.liaison(push)), push_id=push_id, reason="not_our_duty", explanation=explanation)
        if answer:
            self.at(self._after(clock.now(), 1), lambda: self._maintain(push_id))

    def _maintain(self, push_id: int) -> None:
        returns.answer_return(
            actor=self.town.actor("head"), push_id=push_id, answer="confirmed", reason="关联目录已经双方确认，维持原推送。"
        )
        self.at(self._after(clock.now(), 1), lambda: self.claim(push_id))

    def _plan_task(self, push_id: int) -> None:
        task = Task.objects.filter(push_id=push_id).first()
        if task is None or self.chance.random() > 0.85:
            return
        begin = self._after(clock.now(), self.chance.randint(1, 25))
        self.at(begin, lambda: self._act(task.pk))
        self.at(begin + timedelta(days=self.chance.randint(1, 9), minutes=7), lambda: self._finish(task.pk))

    def _act(self, task_id: int) -> None:
        task = Task.objects.select_related("push").get(pk=task_id)
        if task.state in (TaskState.OPEN, TaskState.ASSIGNED):
            kind = self.chance.choices((FirstAction.VIEW, FirstAction.OFF_SITE, FirstAction.ON_SITE), weights=(5, 3, 2))[0]
            note = "股长批准，检〔2026〕字样" if kind == FirstAction.ON_SITE else ""
            supervision.act(actor=self.town.actor(self.liaison(task.push)), task_id=task_id, first_action=kind, approval_note=note)

    def _finish(self, task_id: int) -> None:
        task = Task.objects.select_related("push").get(pk=task_id)
        if task.state != TaskState.ACTING:
            return
        actor = self.town.actor(self.liaison(task.push))
        supervision.finish(actor=actor, task_id=task_id, finished_at=clock.now())
        if self.chance.random() < 0.97:
            outcome = self.chance.choices((Outcome.NORMAL, Outcome.CORRECTED, Outcome.RECTIFY), weights=(8, 2, 1))[0]
            words = "查看许可材料并核对现场情况，与许可内容一致。" if outcome == Outcome.NORMAL else "发现记录不全，已要求补齐。"
            supervision.feed_back(actor=actor, task_id=task_id, outcome=outcome, result_text=words)
            self.at(self._after(clock.now(), self.chance.randint(0, 2)), lambda: self._claim_result(task_id))

    def _claim_result(self, task_id: int) -> None:
        result = Task.objects.get(pk=task_id).result_push
        if result and result.state == PushState.WAITING:
            pushes.claim(actor=self.town.actor("head"), push_ids=[result.pk])
