"""`python -m getter_compat.verify`."""

from getter_compat.verify.cli import command

if __name__ == "__main__":
    command()
