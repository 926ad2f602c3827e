"""The whole office in one file, and back: `manage.py backup` and `manage.py restaurar` (docs/backup.md, decision 93).

errors → envelope (the file's first lines, its encryption, its seal) → archive (the tar inside) → making, restoring.
"""
