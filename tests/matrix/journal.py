"""Who reads the log."""

from accounts.roles import May
from tests.matrix.row import Row, roles_with

AUDITORS = roles_with(May.READ_JOURNAL)

ROWS = [
    Row(url="journal:audit", may=AUDITORS),
    Row(url="journal:export", method="post", may=AUDITORS),
]
