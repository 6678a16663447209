"""Run the benchmarks: `python benchmarks/run.py [sweep|issue|lists|counting] [--size N ...]`.

They run on the server of DATABASE_URL, in databases of their own that they create and drop. What is compared is always ours beside a
plain alternative, in turn, in the same run: trust the ratios, not the seconds.
"""

import argparse
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LIANDONG_TESTING", "1")

import django  # noqa: E402

django.setup()

import counting  # noqa: E402
import databases  # noqa: E402
import issue  # noqa: E402
import lists  # noqa: E402
import sweep  # noqa: E402

SIZES = {"sweep": [10_000, 100_000], "issue": [300], "lists": [10_000, 100_000, 1_000_000]}


def arguments() -> argparse.Namespace:
    """What to run, and how big."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("which", nargs="*", choices=[*SIZES, "counting", []], help="all of them where nothing is named")
    parser.add_argument("--size", type=int, action="append", help="rows to build; may be given several times")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each shape; the median counts (default 3)")
    parser.add_argument("--organs", type=int, default=4, help="lists: departments that receive (default 4)")
    parser.add_argument("--open", type=int, default=2000, help="lists: open clocks per department (default 2000)")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    return parser.parse_args()


def main() -> None:
    """Run what was asked for."""
    wanted = arguments()
    which = wanted.which or [*SIZES, "counting"]
    found = {}
    if set(which) - {"counting"}:
        with databases.ground() as ground:
            for name, act in (("sweep", sweep.measure), ("issue", issue.measure)):
                if name in which:
                    found[name] = act(ground, sizes=wanted.size or SIZES[name], rounds=wanted.rounds)
            if "lists" in which:
                sizes = wanted.size or SIZES["lists"]
                found["lists"] = lists.measure(ground, sizes=sizes, rounds=wanted.rounds, organs=wanted.organs, open_each=wanted.open)
    if "counting" in which:
        counting.main()
    if wanted.json:
        wanted.json.write_text(json.dumps(found, indent=1, default=str), encoding="utf-8")


if __name__ == "__main__":
    main()
