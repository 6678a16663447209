"""Prints the table of demo accounts."""

from typing import Any

from django.core.management.base import BaseCommand

from demo.people import ACCOUNTS, PASSWORD
from foundation.organizations.models import County, User

PREFIXES = {"360735": "sc", "640221": "pl", "420626": "bk", "370302": "zc"}


class Command(BaseCommand):
    """One account per role and county."""

    help = "Print the demo accounts: one per role and county."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print them; nothing where there is no demo."""
        known = set(User.objects.filter(is_demo=True).values_list("username", flat=True))
        if not known:
            return
        names = dict(County.objects.values_list("code", "name"))
        self.stdout.write(f"演示账号（密码都是 {PASSWORD}）")
        self.stdout.write("角色\t" + "\t".join(names[code] for code in PREFIXES))
        for account, words in ACCOUNTS:
            users = [f"{prefix}.{account}" for prefix in PREFIXES.values()]
            self.stdout.write(words + "\t" + "\t".join(user if user in known else "无" for user in users))
