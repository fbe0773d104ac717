"""Personal data: encrypted at rest, found by a keyed hash, masked wherever it is shown."""

import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@lru_cache
def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


def encrypted(content: bytes) -> bytes:
    """A Fernet token of `content`, under the first of `FIELD_KEYS`."""
    return _cipher().encrypt(content)


def decrypted(token: "bytes | memoryview[int]") -> bytes:
    """What `encrypted` was given."""
    return _cipher().decrypt(bytes(token))


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that the database holds only as a Fernet token. The first of `FIELD_KEYS` encrypts, all decrypt."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return _cipher().encrypt(value.encode()).decode() if value else value

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return _cipher().decrypt(value.encode()).decode() if value else value


def keyed_hash(value: str) -> str:
    """HMAC-SHA-256 (hex) of the digits and letters in `value`, for exact search; '' for an empty value."""
    plain = "".join(ch for ch in value if ch.isalnum()).upper()
    if not plain:
        return ""
    return hmac.new(settings.HASH_KEY.encode(), plain.encode(), hashlib.sha256).hexdigest()


def mask_phone(phone: str) -> str:
    """`13812341234` as `138****1234`; shorter numbers keep only their last two digits."""
    if len(phone) >= 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return f"****{phone[-2:]}" if phone else ""


def mask_name(name: str) -> str:
    """`张三` as `张*`, `欧阳娜娜` as `欧**娜`."""
    if len(name) <= 1:
        return name
    if len(name) == 2:
        return f"{name[0]}*"
    return f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"
