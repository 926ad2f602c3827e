"""What changes somebody's access. Everything takes `at`, and writes down who did it."""
