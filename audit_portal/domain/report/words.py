"""A text of the portal's own, in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bilingual:
    ja: str
    en: str

    def of(self, language: str) -> str:
        return self.ja if language == "ja" else self.en


NOTHING = Bilingual("", "")
