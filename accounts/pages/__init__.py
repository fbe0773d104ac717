"""The pages of this room: parse, call the action, render."""
