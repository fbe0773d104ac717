"""The API of this room: the same actions and readings as the pages."""
