"""vdirsyncer itself: its settings for a login, and its commands.

Not for: what is checked (`folders`, `terminal`).
"""

import os
import re
import subprocess
from pathlib import Path

from device import URL

HOME = Path(os.environ["HOME"])

CONFIG = """
[general]
status_path = "{home}/status-{login}/"

[pair {login}]
a = "{login}_here"
b = "{login}_there"
collections = ["from b"]
metadata = ["displayname"]
{more}

[storage {login}_here]
type = "filesystem"
path = "{home}/{login}/"
fileext = ".ics"

[storage {login}_there]
type = "caldav"
url = "{url}/"
username = "{login}"
password = "{login}-demo"
"""


def configure(login, more=""):
    path = HOME / f"{login}.conf"
    path.write_text(CONFIG.format(home=HOME, login=login, url=URL, more=more))
    return path


def run(config, *words):
    """Runs vdirsyncer, saying yes to all it asks; its end and what it said."""
    command = [os.environ["VDIRSYNCER"], "-c", str(config), *words]
    done = subprocess.run(command, input="y\n" * 20, capture_output=True, text=True, timeout=60)
    said = done.stdout + done.stderr
    print("#", " ".join(words), done.returncode, said.replace("\n", "\n#   "), flush=True)
    return done.returncode, said


def moved(said):
    """The copies and deletions that it names."""
    return [line for line in said.splitlines() if re.match(r"\s*(Copying|Deleting|Updating)", line)]


def quiet(config):
    """Whether a further sync has nothing to do."""
    code, said = run(config, "sync")
    return code == 0 and not moved(said)
