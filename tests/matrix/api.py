"""What the API offers to everybody: its description, and the door where partner systems show their secret."""

from tests.matrix.row import EVERYBODY, IN, Row


def _public(url: str, method: str = "get") -> Row:
    return Row(url=url, method=method, may=EVERYBODY, anonymous=IN, partner=IN)


ROWS = [
    _public("api_json"),
    _public("api_yaml"),
    _public("api_docs"),
    _public("api_token", "post"),
]
