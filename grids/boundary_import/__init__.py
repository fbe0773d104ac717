"""Boundaries out of files: every defect is reported by name before anything is written.

`reading` takes the file apart, `mending` looks at each shape, `matching` brings shapes to official codes,
`neighbours` compares them with each other and with their parents, `examining` does all of it and writes nothing,
`writing` puts into the register what the examination found sound.
"""
