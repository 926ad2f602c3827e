"""The register's pages: the office's, the public's, the correction requests', the national register's."""
