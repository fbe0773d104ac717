"""Suggesting items, units and topics, each with its reason: learning from what people decided, and saying why.

Nothing here acts: a person presses. `docs/suggesting.md` tells how each reason is made.
"""
