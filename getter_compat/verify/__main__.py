"""`python -m getter_compat.verify`."""

from getter_compat.verify.cli import run

if __name__ == "__main__":
    raise SystemExit(run())
