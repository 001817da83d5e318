"""The one way an entry becomes bytes: RFC 8785 (JSON Canonicalization Scheme)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import rfc8785

from audit_portal.domain import errors

_SAFE_INTEGER = 2**53 - 1
_AS_THEY_ARE = frozenset({str, bool, type(None)})
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def canonical(entry: Mapping[str, Any]) -> bytes:
    """RFC 8785 bytes of an entry (UTF-8, keys in UTF-16 order, no white space).

    Values: None, bool, int within ±(2^53 - 1), finite float, str, list or tuple, mapping with str keys.
    Raises Invalid('ledger_entry_not_canonical', reason=…) for anything else.
    """
    try:
        return _encode(entry).encode() if _simple(entry) else rfc8785.dumps(_plain(entry))
    except RecursionError:
        raise errors.Invalid("ledger_entry_not_canonical", reason="nested too deeply") from None
    except ValueError as error:  # CanonicalizationError, and UnicodeEncodeError for a surrogate
        raise errors.Invalid("ledger_entry_not_canonical", reason=str(error)) from error


def _simple(value: Any) -> bool:
    """Whether there is nothing in it but dicts and lists of texts, whole numbers, truths and nothing, with keys of
    ASCII: for these the standard library, several times faster, writes the very bytes of RFC 8785."""
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return True
    if kind is int:
        return -_SAFE_INTEGER <= value <= _SAFE_INTEGER
    if kind is list or kind is tuple:
        return all(map(_simple, value))
    if kind is not dict:
        return False
    return all(type(key) is str and key.isascii() for key in value) and all(
        type(member) in _AS_THEY_ARE or _simple(member) for member in value.values()
    )


def _plain(value: Any) -> Any:
    """The library knows dict, list and tuple only; read-only mappings are entries too."""
    if isinstance(value, Mapping):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    return value
