"""Versions of the libraries that decide a result, for the log and the manifest."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

LIBRARIES = ("glossator", "torch", "transformers", "tokenizers", "datasets", "scikit-learn")


def library_versions() -> dict[str, str]:
    """Return {library: version}, with Python's own; what is not installed is left out."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
