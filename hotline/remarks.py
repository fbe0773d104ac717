"""A note or a question: beside the road, read by everybody who has a part in the order."""

from hotline.door import DOOR
from hotline.meeting import OrderMeeting


@DOOR.effect("note")
def note(m: OrderMeeting) -> None:
    """The words are kept beside the journal; whoever has the order is told."""
    m.data["unit"] = m.record.unit_id
