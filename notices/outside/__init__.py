"""Calling other people's servers, and never waiting for them longer than we want to."""
