"""`python -m getter_compat`: the versions of everything that matters, for a bug report."""

from __future__ import annotations

from getter_compat import commands
from getter_compat.versions import lines


def main() -> int:
    """Print the versions."""
    print("\n".join(lines()))
    return 0


if __name__ == "__main__":
    commands.run(main)
