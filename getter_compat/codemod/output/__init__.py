"""The forms in which a run is told: one file each, a function from a run to a text."""
