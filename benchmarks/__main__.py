"""Runs all benchmarks of this folder, each in a process of its own: python -m benchmarks [NAME …]

A benchmark is a file with a function ``main``; the first line of its docstring says what it shows.
"""

import ast
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def benchmarks() -> list[Path]:
    """The files that are benchmarks, by name."""
    return [
        file
        for file in sorted(FOLDER.glob("*.py"))
        if file.name != "__main__.py"
        and any(
            isinstance(part, ast.FunctionDef) and part.name == "main"
            for part in ast.parse(file.read_text(encoding="utf-8")).body
        )
    ]


def main() -> None:
    files = benchmarks()
    if unknown := set(sys.argv[1:]) - {file.stem for file in files}:
        sys.exit(f"no benchmark is called {', '.join(sorted(unknown))}")
    failed = []
    for file in files:
        if sys.argv[1:] and file.stem not in sys.argv[1:]:
            continue
        says = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        sys.stdout.write(f"\n{'=' * 78}\n{file.name}: {says.partition(chr(10))[0]}\n")
        sys.stdout.flush()
        command = [sys.executable, str(file)]
        if subprocess.run(command, check=False).returncode:  # noqa: S603 - a file of ours
            failed.append(file.name)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
