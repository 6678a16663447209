"""Two windows register one enterprise at the same moment."""

import threading

import pytest
from django.db import connection

from parties.actions import register
from parties.models import Party

from .conftest import AT, COMPANY, make_world


@pytest.mark.django_db(transaction=True)
def test_one_enterprise_registered_at_two_windows_at_once_is_one_party() -> None:
    world = make_world()
    start, found, failed = threading.Barrier(8), [], []

    def sign_up() -> None:
        try:
            start.wait()
            party = register(county_id=world.county.pk, kind="legal", name="塞上湖餐饮（演示）", uscc=COMPANY, actor=world.clerk, at=AT)
            found.append(party.pk)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=sign_up) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert set(found) == set(Party.objects.values_list("pk", flat=True))
    assert len(found) == 8 and len(set(found)) == 1
