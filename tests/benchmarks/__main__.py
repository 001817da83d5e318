"""`make bench`: every figure beside its limit; exit status 1 when one is missed."""

from __future__ import annotations

import sys
import tempfile

from tests.benchmarks import ledger, lists, pages, rounds, sheets, upload
from tests.factories.fixtures import make_passwords_cheap


def main() -> int:
    make_passwords_cheap()
    missed = 0
    runs = (
        lambda: pages.run("sqlite"),
        lambda: pages.run("postgres"),
        lambda: sheets.run("sqlite"),
        lambda: sheets.run("postgres"),
        lambda: lists.run("sqlite"),
        lambda: lists.run("postgres"),
        lambda: rounds.run("sqlite"),
        lambda: rounds.run("postgres"),
        ledger.run,
        upload.run,
    )
    for run in runs:
        for figure in run():
            print(figure.line(), flush=True)
            missed += not figure.ok
    return 1 if missed else 0


with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
    tempfile.tempdir = folder  # of everything the runs leave, nothing stays
    status = main()
sys.exit(status)
