"""python -m feedkit: the command without its script."""

from feedkit.cli import main

if __name__ == "__main__":
    main(prog_name="python -m feedkit")
