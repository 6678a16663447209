#!/usr/bin/env python3
"""Liandong in two commands: `python3 run.py` starts the portal, `python3 run.py test` runs every test.

Only Python 3.11 or newer is needed; everything else is fetched into this folder on the first start.
"""

import sys

OLDEST_PYTHON = (3, 11)


def main() -> int:
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(f"Python 3.11 or newer is needed; this is Python {sys.version.split()[0]}.")
    # only now: an older Python must be able to read this file to be told so
    from tools.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
