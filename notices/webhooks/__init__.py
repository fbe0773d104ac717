"""Partner systems are called when something happens: a reading of the journal. See docs/notices.md."""
