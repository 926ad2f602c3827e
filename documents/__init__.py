"""Letters frozen when issued; only render.py knows Typst."""
