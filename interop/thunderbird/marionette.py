"""Marionette, the remote control of Mozilla's programs: packets `LENGTH:JSON` over TCP, `[0, id, command, parameters]` there and
`[1, id, error, result]` back. Only what a run needs: scripts in the program's own context, and screenshots.
"""

import base64
import json
import socket


class Fault(Exception):
    """An error that the program answered."""


class Marionette:
    """A session in the chrome context."""

    def __init__(self, port, seconds=60):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)
        self.stream = self.socket.makefile("rb")
        self.last = 0
        self.read()  # it introduces itself
        self.call("WebDriver:NewSession", {})
        self.call("WebDriver:SetTimeouts", {"script": seconds * 1000})
        self.call("Marionette:SetContext", {"value": "chrome"})

    def read(self):
        length = b""
        while (octet := self.stream.read(1)) != b":":
            if not octet.isdigit() or len(length) > 9:
                raise Fault(f"the program hung up: {length + octet!r}")
            length += octet
        return json.loads(self.stream.read(int(length)))

    def call(self, command, parameters):
        self.last += 1
        packet = json.dumps([0, self.last, command, parameters]).encode()
        self.socket.sendall(str(len(packet)).encode() + b":" + packet)
        _, number, error, result = self.read()
        if number != self.last:
            raise Fault(f"an answer to {number} instead of {self.last}")
        if error:
            raise Fault(f"{error['error']}: {error['message']}")
        return result.get("value") if isinstance(result, dict) else result

    def run(self, script, *values):
        """Runs the body of an async function; `args` are the values; what it returns must be JSON."""
        body = "const args = arguments; return (async () => {" + script + "})();"
        return self.call("WebDriver:ExecuteScript", {"script": body, "args": list(values), "newSandbox": True, "sandbox": "system"})

    def windows(self):
        return self.call("WebDriver:GetWindowHandles", {})

    def switch(self, handle):
        self.call("WebDriver:SwitchToWindow", {"handle": handle, "focus": True})

    def screenshot(self, path):
        path.write_bytes(base64.b64decode(self.call("WebDriver:TakeScreenshot", {"full": False, "hash": False})))
