"""From a waiting notice to a sent one, or to the list of those given up. See docs/notices.md."""
