"""Commands about the national layouts."""
