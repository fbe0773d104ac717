"""The organisations as a tree, by either parent."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from accounts.models import Organisation


@dataclass(frozen=True)
class Node:
    """One organisation in the order of the tree; `closing` has one entry per level that ends after it."""

    organisation: Organisation
    children: int
    closing: range


def nodes(organisations: Iterable[Organisation], parent: str) -> list[Node]:
    """Depth first. Whose `parent` (column name without _id) is not among them stands at the top."""
    rows = list(organisations)
    known = {row.pk for row in rows}
    below: dict[int | None, list[Organisation]] = {}
    for row in rows:
        above = getattr(row, f"{parent}_id")
        below.setdefault(above if above in known else None, []).append(row)
    walked = list(_walk(below, None, 0))
    depths = [depth for _row, depth in walked[1:]] + [0]
    return [
        Node(row, len(below.get(row.pk, ())), range(depth - following))
        for (row, depth), following in zip(walked, depths, strict=True)
    ]


def _walk(
    below: dict[int | None, list[Organisation]], parent: int | None, depth: int
) -> Iterator[tuple[Organisation, int]]:
    for row in below.get(parent, ()):
        yield row, depth
        yield from _walk(below, row.pk, depth + 1)
