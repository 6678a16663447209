"""The API: tokens, single decisions and batches, pushes, idempotency keys, refusals in the words of the pages."""

from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from approvals.models import Decision
from exchange.models import AccessToken, IdempotencyKey
from exchange.tokens import digest, make_token, revoke_token
from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.errors import Missing, NotYours, Refused
from foundation.journal.models import Entry
from foundation.organizations.models import Membership, Organ
from pushes import actions as pushes
from pushes.models import Push
from tests.approvals.world import AT, Person, World, make_world, moment
from tests.exchange.files import code


def token_for(who: Person, organ: Organ, **more: Any) -> str:
    secret = f"ld_{who.user.username}"
    AccessToken.objects.create(organ=organ, user=who.user, name="平台", sha256=digest(secret), created_at=AT, **more)
    return secret


def client(secret: str) -> Client:
    return Client(HTTP_HOST="localhost", headers={"authorization": f"Token {secret}"})


@pytest.fixture
def bureau(world: World) -> Client:
    return client(token_for(world.drafter, world.bureau))


@pytest.fixture
def department(world: World) -> Client:
    return client(token_for(world.liaisons[0], world.departments[0]))


def body(number: int = 1, **fields: str) -> dict[str, str]:
    found = {
        "document_number": f"石行审许〔2026〕{number:04d}号",
        "party_name": f"石城县第{number}餐饮有限公司（演示）",
        "party_uscc": code(number),
        "party_contact": "19000000011",
        "party_address": "石城县琴江镇",
        "item": "食品经营许可·新办（餐饮服务）",
        "content": "热食类食品制售",
        "decided_on": "2026-10-09",
        "valid_to": "2031-10-08",
    }
    return found | fields


def post(api: Client, data: Any, address: str = "/api/v1/decisions/", **headers: str) -> Any:
    return api.post(address, data, content_type="application/json", headers=headers)


@pytest.mark.provision("SC-26a", "BS-10")
def test_a_decision_is_recorded_and_pushed(world: World, bureau: Client) -> None:
    answer = post(bureau, body())
    assert (answer.status_code, answer.json()["status"]) == (201, "created")
    assert Push.objects.count() == 3
    assert Entry.objects.get(verb="decision.report").client == "api"
    read = bureau.get(f"/api/v1/decisions/{answer.json()['id']}/").json()
    assert (read["document_number"], len(read["pushes"])) == ("石行审许〔2026〕0001号", 3)


def test_the_same_again_is_not_recorded_and_another_content_is_a_conflict(world: World, bureau: Client) -> None:
    first = post(bureau, body()).json()
    same, other = post(bureau, body()), post(bureau, body(content="冷食类食品制售"))
    assert (same.status_code, same.json()["id"], same.json()["status"]) == (200, first["id"], "same")
    assert (other.status_code, other.json()["status"]) == (409, "different")
    assert Decision.objects.count() == 1


def test_a_batch_takes_the_good_ones_and_tells_of_the_bad(world: World, bureau: Client) -> None:
    items = [body(1), body(2, decided_on="2026-09-31"), "rubbish", body(3, item="没有的"), body(1)]
    answer = post(bureau, items)
    assert answer.status_code == 200
    assert [one["status"] for one in answer.json()] == ["created", "invalid", "invalid", "routing", "same"]
    assert "9 月没有 31 日" in answer.json()[1]["errors"]["decided_on"]
    assert Decision.objects.count() == 2


def test_a_batch_is_bounded(bureau: Client) -> None:
    for items in ([], [body(number) for number in range(501)]):
        answer = post(bureau, items)
        assert (answer.status_code, answer.json()["message"]) == (409, "一次应有 1 至 500 件。")


def test_history_by_the_api_pushes_nothing(world: World, bureau: Client) -> None:
    assert post(bureau, body(), "/api/v1/decisions/?intake=history").status_code == 201
    assert not Push.objects.exists()


@pytest.mark.parametrize("secret", ["", "nonsense", "ld_" + "x" * 43])
def test_without_a_valid_token_nothing_is_told(world: World, secret: str) -> None:
    answer = client(secret).get("/api/v1/pushes/")
    assert answer.status_code == 401 and answer["WWW-Authenticate"] == "Token"
    assert "令牌" in answer.json()["message"]


def test_a_token_ends_with_its_day_with_its_revocation_and_with_the_post(world: World) -> None:
    api = client(token_for(world.liaisons[0], world.departments[0], expires_on=date(2026, 10, 12)))
    assert api.get("/api/v1/pushes/").status_code == 200
    with clock.frozen(moment("2026-10-13 00:00")):
        assert api.get("/api/v1/pushes/").status_code == 401
    AccessToken.objects.update(revoked_at=AT)
    assert api.get("/api/v1/pushes/").status_code == 401
    AccessToken.objects.update(revoked_at=None)
    Membership.objects.filter(user=world.liaisons[0].user).update(valid_to=date(2026, 10, 11))
    assert api.get("/api/v1/pushes/").status_code == 401


def test_a_department_records_nothing_and_sees_only_its_own(world: World, bureau: Client, department: Client) -> None:
    assert post(department, body()).status_code == 403
    pk = post(bureau, body()).json()["id"]
    seen = department.get(f"/api/v1/decisions/{pk}/").json()
    assert [push["receiver"] for push in seen["pushes"]] == [world.departments[0].name]
    assert len(department.get("/api/v1/pushes/").json()["results"]) == 1
    foreign = Push.objects.get(receiver=world.departments[1])
    assert post(department, {}, f"/api/v1/pushes/{foreign.pk}/claim/").status_code == 404


def test_another_county_finds_nothing(world: World, other_county: World, bureau: Client) -> None:
    pk = post(bureau, body()).json()["id"]
    stranger = client(token_for(other_county.drafter, other_county.bureau))
    assert stranger.get(f"/api/v1/decisions/{pk}/").status_code == 404


@pytest.mark.provision("SC-26b", "BA-19a")
def test_a_department_claims_once_by_its_own_system(world: World, bureau: Client, department: Client) -> None:
    post(bureau, body())
    push = Push.objects.get(receiver=world.departments[0])
    first = post(department, {}, f"/api/v1/pushes/{push.pk}/claim/")
    second = post(department, {}, f"/api/v1/pushes/{push.pk}/claim/")
    assert (first.status_code, first.json()["state"], second.status_code) == (200, "claimed", 409)
    assert Entry.objects.get(verb="push.claim").client == "api"
    assert department.get("/api/v1/pushes/?state=waiting").json()["results"] == []


def test_after_its_moment_a_push_is_claimed_by_the_clock(world: World, bureau: Client, department: Client) -> None:
    post(bureau, body())
    push = Push.objects.get(receiver=world.departments[0])
    with clock.frozen(moment("2026-10-20 00:00")):
        assert [one["id"] for one in department.get("/api/v1/pushes/?state=auto_claimed").json()["results"]] == [push.pk]
        answer = post(department, {}, f"/api/v1/pushes/{push.pk}/claim/")
    assert (answer.status_code, "自动认领" in answer.json()["message"]) == (409, True)


def test_the_same_key_and_body_get_the_same_answer(world: World, bureau: Client) -> None:
    first = post(bureau, body(), **{"Idempotency-Key": "a1"})
    again = post(bureau, body(), **{"Idempotency-Key": "a1"})
    other = post(bureau, body(2), **{"Idempotency-Key": "a1"})
    assert (again.status_code, again.json(), again["Idempotent-Replay"]) == (201, first.json(), "true")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")
    assert Decision.objects.count() == 1


def test_a_refused_request_may_be_sent_again_under_its_key(world: World, department: Client, bureau: Client) -> None:
    assert post(department, body(), **{"Idempotency-Key": "k"}).status_code == 403
    assert not IdempotencyKey.objects.exists()


def test_too_many_requests_are_put_off(world: World, bureau: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from exchange.api.throttling import TokenThrottle

    monkeypatch.setattr(TokenThrottle, "rate", "2/min", raising=False)
    answers = [bureau.get("/api/v1/pushes/") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert "秒后重试" in answers[-1].json()["message"]


@pytest.mark.django_db(transaction=True)
def test_one_key_from_many_threads_does_it_once() -> None:
    world = make_world()
    secret = token_for(world.drafter, world.bureau)
    answers, start = [], Barrier(6)

    def send() -> None:
        start.wait()
        answers.append(post(client(secret), body(), **{"Idempotency-Key": "race"}))
        connections.close_all()

    threads = [Thread(target=send) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("Idempotent-Replay" in answer.headers for answer in answers) == 5
    assert (Decision.objects.count(), Push.objects.count()) == (1, 3)


@pytest.mark.django_db(transaction=True)
def test_a_claim_by_the_api_against_a_claim_on_the_page_has_one_winner() -> None:
    world = make_world()
    world.issued()
    secret = token_for(world.liaisons[0], world.departments[0])
    for push in Push.objects.filter(receiver=world.departments[0]):
        results, start = [], Barrier(2)

        def by_api(pk: int = push.pk, results: list = results, start: Barrier = start) -> None:
            start.wait()
            results.append(post(client(secret), {}, f"/api/v1/pushes/{pk}/claim/").status_code == 200)
            connections.close_all()

        def by_page(pk: int = push.pk, results: list = results, start: Barrier = start) -> None:
            start.wait()
            results.append(bool(pushes.claim(actor=world.liaisons[0].actor, push_ids=[pk]).claimed))
            connections.close_all()

        threads = [Thread(target=by_api), Thread(target=by_page)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert sorted(results) == [False, True]
        assert Entry.objects.filter(verb="push.claim", subject_id=push.pk).count() == 1
    connection.close()


def keeper(world: World) -> Actor:
    organs = frozenset({world.bureau.pk})
    return Actor(county_id=world.county.pk, client="web", user_id=world.issuer.user.pk, rights={"manage_accounts": organs})


def test_a_token_is_told_once_kept_as_a_hash_and_revoked_for_good(world: World) -> None:
    token, secret = make_token(actor=keeper(world), organ=world.bureau, user=world.drafter.user, name="市级平台", expires_on=None, at=AT)
    assert secret not in str(AccessToken.objects.values().get()) and client(secret).get("/api/v1/pushes/").status_code == 200
    revoke_token(actor=keeper(world), pk=token.pk, at=AT)
    assert client(secret).get("/api/v1/pushes/").status_code == 401
    with pytest.raises(Refused, match="已经收回"):
        revoke_token(actor=keeper(world), pk=token.pk, at=AT)


def test_a_token_needs_the_keeper_a_post_and_a_day_to_come(world: World, other_county: World) -> None:
    how: dict[str, Any] = {"organ": world.bureau, "user": world.drafter.user, "name": "平台", "expires_on": None, "at": AT}
    with pytest.raises(NotYours):
        make_token(actor=world.drafter.actor, **how)
    with pytest.raises(Refused, match="没有任职"):
        make_token(actor=keeper(world), **how | {"user": world.liaisons[0].user})
    with pytest.raises(Refused, match="不能早于今天"):
        make_token(actor=keeper(world), **how | {"expires_on": AT.date() - timedelta(days=1)})
    token, _ = make_token(actor=keeper(world), **how)
    with pytest.raises(Missing):
        revoke_token(actor=keeper(other_county), pk=token.pk, at=AT)
