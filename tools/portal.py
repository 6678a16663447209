"""What the portal's own programs are told through the environment, and how its commands are called."""

import os
import secrets
from pathlib import Path

from tools.environment import Environment
from tools.servers import Addresses


def variables(checkout: Path, addresses: Addresses) -> dict[str, str]:
    """The environment of web, worker, beat and manage.py."""
    env = dict(os.environ)
    env.pop("LIANDONG_EMBEDDED", None)  # demo data only ever enters a database that we made
    env.update(
        DATABASE_URL=addresses.database,
        REDIS_URL=addresses.broker,
        DJANGO_SETTINGS_MODULE="config.settings",
        PYTHONUNBUFFERED="1",
    )
    if addresses.embedded:
        env["LIANDONG_EMBEDDED"] = "1"
    if not env.get("LIANDONG_SECRET_KEY"):
        env["LIANDONG_SECRET_KEY"] = _secret(checkout / "var" / "secret-key")
    env.setdefault("LIANDONG_MEDIA_ROOT", str(checkout / "var" / "media"))
    return env


def manage(environment: Environment, *arguments: str) -> list[str | Path]:
    """The command line of `manage.py` with these arguments."""
    return [environment.python, environment.checkout / "manage.py", *arguments]


def _secret(path: Path) -> str:
    """This checkout's own secret key, made once."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        draft.rename(path)
    return path.read_text()
