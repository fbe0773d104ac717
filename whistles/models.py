"""A street summons departments (吹哨报到): who must come by when, who came, what they did, how the street judges it."""
