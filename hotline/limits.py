"""Numbers of this room that no source prescribes, and those that one does (domain sections 2.3 to 2.5)."""

RETURNS_BEFORE_DESIGNATION = (
    3  # Tianjin: after three dispatches that came to nothing the hotline designates
)
MOST_ATTEMPTS = 3  # calls that nobody answers before an order ends as unreachable
MOST_EXTENSION_DAYS = 10  # working days (Shandong)
CLOSE_AFTER_HOURS = 24
REHANDLED_AT_MOST = 1
HISTORY_SHOWN = 20
RINGING_SECONDS = 90
MISSED_HOURS = 24
LONGEST_TEXT = 10_000
USUAL_TIER = "general"  # where nothing else is said; see 0002_orders_numbers_and_tiers
