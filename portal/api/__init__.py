"""The city portal's REST API, version 1. Its layers: urls → views → serializers → services → queries."""
