"""Long lists: pages by cursor, counts on request, and spreadsheets that cannot carry a formula."""
