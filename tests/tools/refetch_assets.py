"""Fetches the vendored browser files again: `python -m tests.tools.refetch_assets` (needs npm).

Reads `audit_portal/web/static/vendor/SOURCES.json`, asks `npm pack` for each package at its version, puts
the files in place unchanged and writes their SHA-256. The GDS Transport font and the GOV.UK images, which
are licensed for GOV.UK only, stay behind; `theme.css` never asks for them.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "audit_portal/web/static/vendor"


def members(package: str, version: str) -> dict[str, bytes]:
    """Contents of the published package by path, without its leading `package/`."""
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(
            ["npm", "pack", "--silent", f"{package}@{version}"],
            cwd=folder, check=True, capture_output=True, text=True,
        )  # fmt: skip
        with tarfile.open(Path(folder) / packed.stdout.strip()) as archive:
            return {
                entry.name.removeprefix("package/"): stream.read()
                for entry in archive.getmembers()
                if (stream := archive.extractfile(entry))
            }


def main() -> None:
    sources = json.loads((VENDOR / "SOURCES.json").read_text("utf-8"))
    for source in sources:
        fetched = members(source["package"], source["version"])
        for file in source["files"]:
            target = VENDOR / file["file"]
            if file["from"]:  # the licence of a package that ships none is kept by hand
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(fetched[file["from"]])
            file["sha256"] = hashlib.sha256(target.read_bytes()).hexdigest()
    (VENDOR / "SOURCES.json").write_text(json.dumps(sources, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
