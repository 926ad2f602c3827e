"""The city portal's REST API and the public pages."""
