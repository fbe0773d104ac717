"""What many different people complain of: messages about one place or thing, found together as they come in."""
