"""``python -m exactsurf`` is the program ``exactsurf``."""

from exactsurf.cli.main import main

if __name__ == "__main__":
    main()
