"""The portal's own settings for a plain `pytest`: only here, besides demos, may it run without a secret of its own."""

import os

os.environ.setdefault("LIANDONG_TESTING", "1")

from config.settings import *  # noqa: F403
