"""Pages of this room: the browser of areas, one area, drawing, staffing."""
