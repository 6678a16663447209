"""Opening a file: only through a permission, and only as what was stored."""

import uuid
from datetime import date

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from foundation.journal.models import Entry
from foundation.organizations.models import Membership, OrganGrant
from foundation.papers import access
from foundation.papers.storage import path_of

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def as_member(client, world):
    """Sign the clerk in with a post in one organ, with `view_matter` on it or without."""

    def as_member(organ, *, may_view=True):
        group = Group.objects.create(name=f"of {organ.pk}")
        Membership.objects.create(user=world.user, organ=organ, role="liaison", group=group, valid_from=date(2020, 1, 1))
        if may_view:
            permission = Permission.objects.get(codename="view_matter", content_type__app_label="organizations")
            OrganGrant.objects.create(group=group, permission=permission, content_object=organ)
        client.force_login(world.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return as_member


@pytest.fixture
def visible_by_hook(monkeypatch):
    """Let the subject's room decide, for the length of a test."""
    asked = []

    def register(answer):
        def check(*, actor, subject_id):
            asked.append((actor.organ_id, subject_id))
            return answer

        monkeypatch.setattr(access.attachment_visible, "_handlers", {"organizations.county": [check]})
        return asked

    return register


def body(answer):
    return b"".join(answer.streaming_content)


def test_the_organ_opens_its_file(attach, as_member, world):
    row = attach("决定书.pdf")
    answer = as_member(world.bureau).get(reverse("attachment", args=[row.public_id]))
    assert body(answer) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))


@pytest.mark.parametrize(("name", "content", "shown"), [("a.pdf", PDF, "inline"), ("a.txt", "文字".encode(), "attachment")])
def test_only_safe_types_are_shown_in_place(attach, as_member, world, name, content, shown):
    row = attach(name, content)
    answer = as_member(world.bureau).get(reverse("attachment", args=[row.public_id]), {"show": "1"})
    assert answer["Content-Disposition"].startswith(shown)


def test_another_organ_finds_nothing(attach, as_member, world):
    row = attach()
    assert as_member(world.department).get(reverse("attachment", args=[row.public_id])).status_code == 404


def test_without_the_right_to_see_matters_nothing(attach, as_member, world):
    row = attach()
    assert as_member(world.bureau, may_view=False).get(reverse("attachment", args=[row.public_id])).status_code == 404


@pytest.mark.parametrize(("answer", "status"), [(True, 200), (False, 404)])
def test_a_receiving_organ_opens_what_the_subjects_room_allows(attach, as_member, world, visible_by_hook, answer, status):
    row = attach()
    asked = visible_by_hook(answer)
    assert as_member(world.department).get(reverse("attachment", args=[row.public_id])).status_code == status
    assert asked == [(world.department.pk, world.county.pk)]


def test_no_hook_opens_another_countys_file(attach, as_member, world, visible_by_hook):
    row = attach()
    asked = visible_by_hook(True)
    assert as_member(world.stranger).get(reverse("attachment", args=[row.public_id])).status_code == 404
    assert asked == []


def test_an_unknown_file_and_a_stranger(attach, client, as_member, world):
    assert as_member(world.bureau).get(reverse("attachment", args=[uuid.uuid4()])).status_code == 404
    client.logout()
    assert client.get(reverse("attachment", args=[attach().public_id])).status_code == 302


@pytest.mark.parametrize("damage", ["flipped", "longer", "missing"])
def test_a_damaged_file_is_never_handed_out(attach, as_member, world, damage):
    row = attach()
    path = path_of(row.sha256)
    if damage == "flipped":
        path.write_bytes(PDF[:-2] + b"X\n")
    elif damage == "longer":
        path.write_bytes(PDF + b" ")
    else:
        path.unlink()
    answer = as_member(world.bureau).get(reverse("attachment", args=[row.public_id]))
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "已停止提供并记入留痕" in text
    assert "%PDF" not in text
    entry = Entry.objects.get(verb="attachment.broken")
    assert (entry.subject_id, entry.actor_id) == (row.pk, world.user.pk)


def test_uploading_again_heals_a_damaged_file(attach, as_member, world):
    row = attach()
    path_of(row.sha256).write_bytes(b"broken")
    attach("再传.pdf")
    assert body(as_member(world.bureau).get(reverse("attachment", args=[row.public_id]))) == PDF
