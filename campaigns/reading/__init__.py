"""Reading campaigns for a face: board, campaign, assignment, target, my zones; constant numbers of queries."""

from campaigns.reading.assignment import AssignmentReading, zones_in
from campaigns.reading.board import CampaignReading, bars, board
from campaigns.reading.lines import Row
from campaigns.reading.mine import mine, next_after
from campaigns.reading.target import TargetReading, TargetRow, target_rows

__all__ = [
    "AssignmentReading",
    "CampaignReading",
    "Row",
    "TargetReading",
    "TargetRow",
    "bars",
    "board",
    "mine",
    "next_after",
    "target_rows",
    "zones_in",
]
