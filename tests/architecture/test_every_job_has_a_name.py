"""Whatever the worker runs can be given up on, and then an administrator reads what it was."""

from __future__ import annotations

import re
from pathlib import Path

import audit_portal
from audit_portal.services import jobs
from audit_portal.web.labels import JOBS

SOURCE = Path(audit_portal.__file__).parent
_SENT = re.compile(r'tx\.send\(\s*"(\w+)"')


def test_every_kind_of_job_has_a_name_and_no_name_is_left_over() -> None:
    assert set(JOBS) == set(jobs.HANDLERS)


def test_every_job_that_is_left_in_the_outbox_is_one_the_worker_knows() -> None:
    sent = {kind for file in SOURCE.rglob("*.py") for kind in _SENT.findall(file.read_text("utf-8"))}
    assert "mail_invitation" in sent
    assert sent <= set(jobs.HANDLERS)
