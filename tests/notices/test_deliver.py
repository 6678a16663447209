"""Delivering: at least once, no double in the ordinary case, a visible pen for what nobody takes."""

import hashlib
import hmac
import json
import smtplib
import threading
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core import mail
from django.db import connection, transaction

from foundation.common.clock import ZONE, frozen
from foundation.common.errors import NotYours, Refused
from foundation.journal.models import Entry
from foundation.notices import actions, channels, queries
from foundation.notices.delivering import BACKOFF_MINUTES, deliver_waiting
from foundation.notices.models import Delivery, Notice

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mailed(world):
    actions.prefer(user_id=world.mailed.pk, channel="email", digest="at_once", address="")
    return world.mailed


@pytest.fixture
def gateway(settings):
    """A real HTTP server that notes what it was sent and answers as told."""
    got, answers = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            status = answers.pop(0) if answers else 200
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST  # noqa: N815

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.NOTICE_WEBHOOK_URL = f"http://127.0.0.1:{server.server_port}/hook"
    settings.NOTICE_WEBHOOK_SECRET = "shared"
    server.got, server.answers = got, answers
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def deliver(moment):
    with frozen(moment):
        return deliver_waiting()


def test_a_mail_goes_out_once(tell, mailed, at, settings):
    settings.PORTAL_ADDRESS = "https://portal.example.invalid"
    tell(mailed)
    assert deliver(at) == 1
    assert deliver(at + timedelta(days=1)) == 0
    (message,) = mail.outbox
    assert message.to == ["mailed@example.invalid"]
    assert message.subject == "【联动】收到推送"
    assert "审批局推送了“食品经营许可·新办”（石行审许〔2026〕0402号）" in message.body
    row = Delivery.objects.get()
    assert (row.state, row.tries, row.sent_at) == ("sent", 1, at)


def test_it_waits_longer_after_each_failure_and_ends_in_the_pen(tell, mailed, at, monkeypatch, world):
    def refuse(*args, **kwargs):
        raise smtplib.SMTPServerDisconnected("secret detail")

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", refuse)
    tell(mailed)
    moment = at
    for minutes in BACKOFF_MINUTES:
        assert deliver(moment) == 1
        assert Delivery.objects.get().state == "waiting"
        assert deliver(moment + timedelta(minutes=minutes, seconds=-1)) == 0
        moment += timedelta(minutes=minutes)
    assert deliver(moment) == 1
    row = Delivery.objects.get()
    assert (row.state, row.tries, row.last_error) == ("failed", 6, "邮件服务器没有接收：SMTPServerDisconnected")
    assert deliver(moment + timedelta(days=30)) == 0
    assert list(queries.pen_for(world.admin)) == [row]


def test_a_failed_one_is_sent_again_from_the_pen(tell, mailed, at, world):
    tell(mailed)
    Delivery.objects.update(state="failed", tries=6, last_error="x")
    row = Delivery.objects.get()
    actions.resend(actor=world.admin, delivery=row, at=at)
    with pytest.raises(Refused, match="刷新"):
        actions.resend(actor=world.admin, delivery=row, at=at)
    assert deliver(at) == 1
    assert (len(mail.outbox), Delivery.objects.get().state) == (1, "sent")
    assert Entry.objects.get(verb="delivery.resend").subject_id == row.pk


def test_the_pen_is_for_those_who_keep_accounts(tell, mailed, at, world):
    from dataclasses import replace

    tell(mailed)
    Delivery.objects.update(state="failed")
    outsider = replace(world.admin, rights={})
    elsewhere = replace(world.admin, county_id=world.county.pk + 1)
    for actor in (outsider, elsewhere):
        assert list(queries.pen_for(actor)) == []
        with pytest.raises(NotYours):
            actions.resend(actor=actor, delivery=Delivery.objects.get(), at=at)


def test_the_gateway_gets_signed_json(tell, world, at, gateway):
    actions.prefer(user_id=world.both.pk, channel="webhook", digest="at_once", address="")
    tell(world.both)
    assert deliver(at) == 1
    ((path, headers, body),) = gateway.got
    payload = json.loads(body)
    assert path == "/hook"
    assert (payload["to"], payload["title"], payload["items"][0]["id"]) == ("13800000002", "收到推送", Notice.objects.get().pk)
    signed = hmac.new(b"shared", headers["X-Liandong-Timestamp"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["X-Liandong-Signature"] == f"sha256={signed}"
    assert headers["Idempotency-Key"] == payload["key"] == f"delivery-{Delivery.objects.get().pk}"
    assert Delivery.objects.get().state == "sent"


@pytest.mark.parametrize(("status", "words"), [(500, "接口回应 500"), (403, "接口回应 403"), (302, "接口回应 302")])
def test_a_gateway_that_refuses_is_tried_again_and_a_redirect_is_not_followed(tell, world, at, gateway, status, words):
    actions.prefer(user_id=world.both.pk, channel="webhook", digest="at_once", address="")
    gateway.answers.append(status)
    tell(world.both)
    deliver(at)
    row = Delivery.objects.get()
    assert (row.state, row.tries, row.last_error, row.next_try_at) == ("waiting", 1, words, at + timedelta(minutes=1))
    assert [path for path, _, _ in gateway.got] == ["/hook"]
    deliver(at + timedelta(minutes=1))
    assert Delivery.objects.get().state == "sent"
    assert gateway.got[0][1]["Idempotency-Key"] == gateway.got[1][1]["Idempotency-Key"]


def test_a_gateway_that_hangs_or_is_not_there_is_a_failure(tell, world, at, gateway, settings, monkeypatch):
    monkeypatch.setattr(channels, "TIMEOUT_SECONDS", 0.2)
    actions.prefer(user_id=world.both.pk, channel="webhook", digest="at_once", address="")
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.NOTICE_WEBHOOK_URL = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        tell(world.both)
        deliver(at)
    assert Delivery.objects.get().last_error.startswith("接口没有接通")
    deliver(at + timedelta(minutes=1))
    assert (Delivery.objects.get().tries, Delivery.objects.get().state) == (2, "waiting")


@pytest.mark.parametrize("address", ["", "file:///etc/passwd", "ftp://127.0.0.1/"])
def test_without_a_gateway_the_pen_says_so(tell, world, at, settings, address):
    settings.NOTICE_WEBHOOK_URL = address
    actions.prefer(user_id=world.both.pk, channel="webhook", digest="at_once", address="")
    tell(world.both)
    deliver(at)
    assert "尚未配置" in Delivery.objects.get().last_error


def test_the_digest_is_one_mail_on_the_next_working_day(tell, world):
    actions.prefer(user_id=world.mailed.pk, channel="email", digest="daily", address="")
    friday = datetime(2026, 11, 20, 16, 0, tzinfo=ZONE)
    for _ in range(3):
        tell(world.mailed, at=friday)
    assert deliver(friday) == 0
    saturday, monday = datetime(2026, 11, 21, 8, 30, tzinfo=ZONE), datetime(2026, 11, 23, 8, 30, tzinfo=ZONE)
    deliver(saturday)
    deliver(saturday + timedelta(days=1))
    assert mail.outbox == []
    assert deliver(monday - timedelta(seconds=1)) == 0
    assert deliver(monday) == 1
    (message,) = mail.outbox
    assert message.subject == "【联动】今日消息 3 条"
    assert message.body.count("食品经营许可·新办") == 3
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_a_machine_that_slept_over_the_hour_sends_the_digest_when_it_wakes(tell, world):
    actions.prefer(user_id=world.mailed.pk, channel="email", digest="daily", address="")
    tell(world.mailed, at=datetime(2026, 11, 23, 7, 0, tzinfo=ZONE))
    assert deliver(datetime(2026, 11, 23, 15, 0, tzinfo=ZONE)) == 1


def test_digests_of_two_people_stay_apart(tell, world):
    for user in (world.mailed, world.both):
        actions.prefer(user_id=user.pk, channel="email", digest="daily", address="")
    tell(world.mailed, world.both, at=datetime(2026, 11, 22, 16, 0, tzinfo=ZONE))
    assert deliver(datetime(2026, 11, 23, 8, 30, tzinfo=ZONE)) == 2
    assert sorted(message.to[0] for message in mail.outbox) == ["both@example.invalid", "mailed@example.invalid"]


def test_four_workers_send_each_mail_once(tell, mailed, at, monkeypatch):
    for _ in range(40):
        tell(mailed)
    sent, lock = [], threading.Lock()

    def note(parcel):
        with lock:
            sent.append(parcel.key)

    monkeypatch.setitem(channels.CHANNELS, "email", note)
    errors = []

    def work():
        try:
            deliver_waiting()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    with frozen(at):
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert errors == []
    assert len(sent) == len(set(sent)) == 40
    assert set(Delivery.objects.values_list("state", "tries")) == {("sent", 1)}


def test_a_killed_worker_loses_nothing(tell, mailed, at, monkeypatch):
    """The connection dies in the middle of sending: the delivery waits as before, the ones before it stay sent."""
    for _ in range(3):
        tell(mailed)
    sent = []

    def die(parcel):
        sent.append(parcel.key)
        if len(sent) == 2:
            raise SystemExit

    monkeypatch.setitem(channels.CHANNELS, "email", die)
    with pytest.raises(SystemExit):
        deliver(at)
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["sent", "waiting", "waiting"]
    deliver(at)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert sent[1] == sent[2], "the second try carries the same key"


def test_a_poisonous_message_does_not_stop_the_others(tell, mailed, at, monkeypatch):
    tell(mailed)
    tell(mailed)
    poison = Delivery.objects.earliest("id")

    def send(parcel):
        if parcel.key == f"delivery-{poison.pk}":
            raise KeyError("bad")

    monkeypatch.setitem(channels.CHANNELS, "email", send)
    assert deliver(at) == 2
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["sent", "waiting"]


def test_a_delivery_that_another_worker_holds_is_passed_over(tell, mailed, at):
    tell(mailed)
    held, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            list(Delivery.objects.select_for_update())
            held.set()
            done.wait(10)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)
    assert deliver(at) == 0
    done.set()
    thread.join()
    assert deliver(at) == 1


@pytest.mark.parametrize(
    ("channel", "digest", "address"),
    [
        ("email", "at_once", "no-at"),
        ("email", "at_once", "a@b\r\nBcc: c@d"),
        ("fax", "off", ""),
        ("email", "hourly", ""),
        ("webhook", "off", "x" * 201),
    ],
)
def test_bad_preferences_are_refused(world, channel, digest, address):
    with pytest.raises(Refused):
        actions.prefer(user_id=world.quiet.pk, channel=channel, digest=digest, address=address)
    assert queries.preferences_of(world.quiet.pk) == {}
