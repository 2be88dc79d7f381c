"""``python -m engine.cli``: the command line where there is no window."""

from __future__ import annotations

import sys

from engine.cli.main import run

sys.exit(run())
