"""The national layouts, in and out."""
