"""People who look at a page, wait, and ask again, each over a connection of their own; how long each answer took."""

import asyncio
import random
import time


class Crowd:
    """So many people who `ask`: a function of who and how often that makes the request. `pause`: seconds between two, on average."""

    def __init__(self, name, count, pause, ask, expect):
        self.name, self.count, self.pause, self.ask, self.expect = name, count, pause, ask, expect
        self.took, self.wrong = [], 0

    async def person(self, port, who, end):
        # Nobody comes at the same moment as all others.
        await asyncio.sleep(random.uniform(0, self.pause))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in range(10**9):
            if time.perf_counter() >= end:
                break
            begun = time.perf_counter()
            writer.write(self.ask(who, number))
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
            self.took.append((time.perf_counter() - begun) * 1000)
            self.wrong += int(head[9:12]) != self.expect
            await asyncio.sleep(random.uniform(0.5, 1.5) * self.pause)
        writer.close()

    def at(self, part):
        took = sorted(self.took)
        return took[min(int(len(took) * part), len(took) - 1)]


def visit(port, seconds, crowds):
    """All of them at once, for so many seconds."""
    async def all_of_them():
        end = time.perf_counter() + seconds
        await asyncio.gather(*(crowd.person(port, who, end) for crowd in crowds for who in range(crowd.count)))
    asyncio.run(all_of_them())
