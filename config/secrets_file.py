"""Secrets of a trial installation: made once, kept in a file that only its owner reads."""

import base64
import os
import secrets
from pathlib import Path


def kept_secret(folder: Path, name: str) -> str:
    """Return the secret `name` from `folder`, making it (32 random bytes, URL-safe base64) if absent.

    Two processes that start together agree: the file is created exclusively and the loser reads it.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    fresh = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    partial = folder / f".{name}.{os.getpid()}"
    partial.write_text(fresh)
    partial.chmod(0o600)
    try:
        os.link(partial, path)
    except FileExistsError:
        return path.read_text().strip()
    finally:
        partial.unlink()
    return fresh
