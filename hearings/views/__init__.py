"""Pages of hearings, one screen of function each."""
