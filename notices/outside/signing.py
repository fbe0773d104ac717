"""How what we send is signed: HMAC-SHA256 over time and body, so that neither can be changed, nor sent again late."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence

TIMESTAMP, SIGNATURE = "Yiwang-Timestamp", "Yiwang-Signature"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`sha256=` and the HMAC (hex) over timestamp, full stop, body."""
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={digest.hexdigest()}"


def signed(secrets: Sequence[str], unix_time: int, body: bytes) -> Mapping[str, str]:
    """The two headers, with one signature for each secret, separated by commas. `unix_time` is in seconds."""
    timestamp = str(unix_time)
    signatures = ", ".join(signature(secret, timestamp, body) for secret in secrets)
    return {TIMESTAMP: timestamp, SIGNATURE: signatures}
