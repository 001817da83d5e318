"""Keeping watch (取扱状況の把握)."""
