"""Why the system refused a file, in Swedish."""

from __future__ import annotations

import errno

_REASONS = {
    errno.ENOENT: "finns inte",
    errno.EISDIR: "är en mapp",
    errno.ENOTDIR: "ligger inte i en mapp",
    errno.EACCES: "behörighet saknas",
    errno.EPERM: "behörighet saknas",
    errno.EEXIST: "finns redan och är inte en mapp",
    errno.ENOSPC: "disken är full",
    errno.EROFS: "disken kan bara läsas",
    errno.EBADF: "den är stängd",
}


def reason(error: OSError) -> str:
    """The reason in a few words; the system's own where we have none."""
    return _REASONS.get(error.errno or 0, error.strerror or str(error))
