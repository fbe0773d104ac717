"""How what we send is signed: HMAC-SHA256 over time and body, so that neither can be changed, nor sent again late."""

import hashlib
import hmac
from collections.abc import Mapping

TIMESTAMP, SIGNATURE = "Yiwang-Timestamp", "Yiwang-Signature"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`sha256=` and the HMAC (hex) over timestamp, full stop, body."""
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={digest.hexdigest()}"


def signed(secret: str, unix_time: int, body: bytes) -> Mapping[str, str]:
    """The two headers. `unix_time` is in seconds."""
    timestamp = str(unix_time)
    return {TIMESTAMP: timestamp, SIGNATURE: signature(secret, timestamp, body)}
