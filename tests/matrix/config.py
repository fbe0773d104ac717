"""Who reaches what belongs to no room: the way to one's own work, oneself, language and looks."""

from tests.matrix.row import EVERYBODY, IN, Row

ROWS = [
    Row(url="home", may=EVERYBODY),
    Row(url="me", may=EVERYBODY),
    # Strangers choose them too: before they sign in they must be able to read.
    Row(url="set_language", method="post", may=EVERYBODY, anonymous=IN),
    Row(url="set_theme", method="post", may=EVERYBODY, anonymous=IN),
    Row(url="favicon", may=EVERYBODY, anonymous=IN),
]
