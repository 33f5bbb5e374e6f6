"""Usage errors, which end a command before it is run."""

import shlex

import pytest

LINES = {
    "decide --json": "MissingParameter",
    "decide none.json --efort 3 --json": "NoSuchOption",
    "decide --json a.json b.json": "UsageError",
    "nonsense --json": "UsageError",
    "landscape none.json --workers x --json": "BadParameter",
    "landscape none.json --html a.html --dry-run --json": "BadParameter",
}


@pytest.mark.parametrize("line", LINES)
def test_json_has_usage_errors_too(run, line: str) -> None:
    ended = run(*shlex.split(line))
    assert ended.status == 2 and "Usage: exactsurf" in ended.err
    error = ended.json["error"]
    assert error["class"] == LINES[line] and ended.json["exit_status"] == 2
    assert error["message"] in " ".join(ended.err.replace("│", " ").split())


def test_text_goes_to_stderr_alone(run) -> None:
    ended = run("decide", "none.json", "--efort", "3")
    assert ended.status == 2 and not ended.out and "--effort" in ended.err
