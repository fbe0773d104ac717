"""Who may reach which address: one table per room, walked by tests/test_permission_matrix.py.

A room's file has `ROWS`, one `Row` per address and method, and where it needs records of its own a function
`build(world)` that makes them in `HOME` and keeps them in `world.records`. A new address without a row fails.
"""
