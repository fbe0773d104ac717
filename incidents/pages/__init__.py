"""The pages of a case: thin faces over the actions and queries of the room."""
