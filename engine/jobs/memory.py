"""Whether an error says that the memory was not enough, recognised without importing torch."""

from __future__ import annotations


def is_out_of_memory(error: Exception) -> bool:
    """Return whether it is a MemoryError, CUDA's class, or in the words of torch's CPU part."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    words = ("not enough memory", "out of memory", "can't allocate memory")
    return isinstance(error, RuntimeError) and any(part in str(error).lower() for part in words)
