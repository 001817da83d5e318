"""Audit Portal: supervision of vendors that handle personal data (委託先の監督, APPI Article 25)."""
