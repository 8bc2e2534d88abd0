"""`python -m getter_compat.codemod`."""

from getter_compat.codemod.cli import run

if __name__ == "__main__":
    run()
