"""The plain form of a model in a file: a line of JSON and numpy arrays. Nothing in it can be executed.

yiwang-model 1\\n   {facts as JSON}\\n   an .npz archive, written and read without pickle
"""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MARK = b"yiwang-model 1\n"


class Unreadable(Exception):
    """The bytes are no model of this form."""


def pack(facts: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """One file of both. `facts` is JSON; `arrays` hold numbers."""
    out = io.BytesIO()
    out.write(_MARK)
    out.write(json.dumps(facts, ensure_ascii=False).encode() + b"\n")
    np.savez_compressed(out, allow_pickle=False, **arrays)
    return out.getvalue()


def unpack(data: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Facts and arrays. Raises Unreadable for anything else than what `pack` made."""
    if not data.startswith(_MARK):
        raise Unreadable("no model")
    line, _newline, archive = data[len(_MARK) :].partition(b"\n")
    try:
        facts = json.loads(line)
        with np.load(io.BytesIO(archive), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except (ValueError, OSError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise Unreadable(str(error)) from error
    if not isinstance(facts, dict):
        raise Unreadable("no facts")
    return facts, arrays
