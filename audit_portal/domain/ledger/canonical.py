"""The one way an entry becomes bytes: RFC 8785 (JSON Canonicalization Scheme)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import rfc8785

from audit_portal.domain import errors


def canonical(entry: Mapping[str, Any]) -> bytes:
    """RFC 8785 bytes of an entry (UTF-8, keys in UTF-16 order, no white space).

    Values: None, bool, int within ±(2^53 - 1), finite float, str, list or tuple, mapping with str keys.
    Raises Invalid('ledger_entry_not_canonical', reason=…) for anything else.
    """
    try:
        return rfc8785.dumps(_plain(entry))
    except RecursionError:
        raise errors.Invalid("ledger_entry_not_canonical", reason="nested too deeply") from None
    except ValueError as error:  # CanonicalizationError, and UnicodeEncodeError for a surrogate in a key
        raise errors.Invalid("ledger_entry_not_canonical", reason=str(error)) from error


def _plain(value: Any) -> Any:
    """The library knows dict, list and tuple only; read-only mappings are entries too."""
    if isinstance(value, Mapping):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    return value
