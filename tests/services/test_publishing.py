"""Publishing checklists: all that is new, or nothing."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from audit_portal.adapters.checklists_yaml import ChecklistFolder
from audit_portal.config import ROOT
from audit_portal.domain.errors import Refused
from audit_portal.services import checklists
from audit_portal.services.house import House


def test_nothing_is_published_of_a_folder_with_a_fault(tmp_path: Path, house: House) -> None:
    folder = tmp_path / "checklists"
    shutil.copytree(ROOT / "checklists", folder)
    good, bad = (next((folder / name).glob("*.yaml")) for name in ("contract_safeguards", "quick_selection"))
    for file in (good, bad):
        file.with_name("2027.1.1.yaml").write_text(
            file.read_text(encoding="utf-8").replace("version: 2026.11.1", "version: 2027.1.1"),
            encoding="utf-8",
        )
    broken = bad.with_name("2027.1.1.yaml")
    broken.write_text(broken.read_text(encoding="utf-8") + "  - id: [\n", encoding="utf-8")
    before = checklists.published(house)
    with pytest.raises(Refused, match="checklists_faulty") as refused:
        checklists.publish_all(replace(house, checklists=ChecklistFolder(folder)))
    assert any("quick_selection/2027.1.1.yaml:" in str(each) for each in refused.value.blockers)
    assert checklists.published(house) == before
