"""Where sailplan is: SAILPLAN_COMMAND, this project's node_modules, PATH, or npx."""

import os
import shlex
import shutil
import subprocess

from django.conf import settings

#: These are the sync command by themselves; of any other, `sync` is the first argument.
_SYNC = {"sync_wagtail_to_saleor", "sync.mjs"}


EXAMPLE = "SAILPLAN_COMMAND=/opt/sailplan/node_modules/.bin/sailplan"
NODE = "Install Node 20.20 or newer (https://nodejs.org)"


class NoCommand(Exception):
    """sailplan, or what was said to start it, is not there."""

    def __init__(self, text, hint):
        super().__init__(text)
        self.hint = hint


def find_command(is_check=False):
    """The words that start sailplan's sync. `is_check`: look only, start nothing."""
    try:
        given = _given()
    except (TypeError, ValueError) as error:
        hint = f"Give the command as one text or a list of words: {EXAMPLE}"
        raise NoCommand(f"SAILPLAN_COMMAND is not a command: {error}.", hint) from None
    if given:
        found = shutil.which(given[0])
        if found is None:
            raise NoCommand(
                f"SAILPLAN_COMMAND starts {given[0]!r}, which is not there or cannot be run.",
                f"Give the command that starts sailplan, e.g. {EXAMPLE}; a path with blanks in quotes.",
            )
        _check_node(found)
        is_sync = "sync" in given[1:] or any(os.path.basename(word) in _SYNC for word in given)
        return [found, *given[1:], *([] if is_sync else ["sync"])]
    for folder in _folders():
        if found := shutil.which("sailplan", path=os.path.join(folder, "node_modules", ".bin")):
            return [_check_node(found), "sync"]
    if found := shutil.which("sailplan"):
        return [_check_node(found), "sync"]
    if found := shutil.which("sync_wagtail_to_saleor"):
        return [_check_node(found)]
    npx = shutil.which("npx")
    # --no-install: nothing is ever fetched from a registry by its name alone.
    if npx and not is_check and _answers([npx, "--no-install", "sailplan", "--version"]):
        return [npx, "--no-install", "sailplan", "sync"]
    raise _none(npx)


def _given():
    """The setting, else the environment's variable, else SAILPLAN["command"]; as words."""
    mapping = getattr(settings, "SAILPLAN", None)
    inner = mapping.get("command") if isinstance(mapping, dict) else None
    value = getattr(settings, "SAILPLAN_COMMAND", None) or os.environ.get("SAILPLAN_COMMAND") or inner
    if isinstance(value, os.PathLike) or (isinstance(value, str) and os.path.isfile(value)):
        return [os.fspath(value)]
    if value is not None and not isinstance(value, (str, list, tuple)):
        raise TypeError(f"it is {value!r}")
    return shlex.split(value) if isinstance(value, str) else [str(word) for word in value or []]


def _check_node(program):
    """The program. A script of Node without a Node ends with 127 and `env: node: No such file or directory`."""
    try:
        with open(program, "rb") as handle:
            first = handle.readline(100)
    except OSError:
        return program
    if first.startswith(b"#!") and b"node" in first and not shutil.which("node"):
        raise NoCommand(f"{program} needs Node, but there is no node on PATH.", f"{NODE}.")
    return program


def _folders():
    base = getattr(settings, "BASE_DIR", None)
    return dict.fromkeys([os.getcwd(), *([str(base), os.path.dirname(str(base))] if base else [])])


def _answers(words):
    try:
        return subprocess.run(words, capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _none(npx):
    if not npx and not shutil.which("node"):
        hint = f"{NODE} and sailplan (npm install sailplan), "
    else:
        hint = "Install it beside this project (npm install sailplan) or on PATH (npm install -g sailplan), "
    hint += "or set SAILPLAN_COMMAND to the command that starts it. export_catalog works without it."
    return NoCommand("sailplan was not found: not in node_modules/.bin, not on PATH, not by npx.", hint)
