"""Pages of consumers and suppliers."""
