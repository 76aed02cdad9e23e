"""libdav's day."""

import os

from device import URL
from library import Program, day


def started(password):
    return Program(os.environ["CLIENT"], URL, "anna", password)


def main():
    program, stranger = started("anna-demo"), started("wrong")
    day(program, stranger, "libdav-client")
    program.end()
    stranger.end()


main()
