"""Organisations, people and posts out of an Excel workbook: checked first, applied when confirmed.

`guard` opens the file without trusting it, `reading` makes rows of cells, `running` does what the rows say (in a
transaction that a check rolls back, so that a check and an import can never differ), `keeping` keeps the
file between the two, `template` and `report` write workbooks.
"""
