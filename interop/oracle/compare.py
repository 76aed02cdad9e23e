"""Our occurrences of random objects against those of python-dateutil, recurring-ical-events and ical.js; see `run` for who is trusted for what.

compare.py PROGRAM: PROGRAM is the example `occurrences`. ORACLE_CASES and ORACLE_SEED say how many and which, ORACLE_JOBS by how many
processes beside each other; the answer is the same.
"""
import collections
import datetime as dt
import json
import multiprocessing
import os
import pathlib
import random
import subprocess
import sys
import zoneinfo

import deviations
import generate
import others

CASES, SEED = int(os.environ.get("ORACLE_CASES", "5000")), os.environ.get("ORACLE_SEED", "1")
JOBS = int(os.environ.get("ORACLE_JOBS", os.cpu_count()))
BATCH = 100
# No case may cost our debug build more, on however slow a machine, in microseconds.
MOST_MICROS = 2_000_000
# More occurrences than this are refused by name.
MOST_OCCURRENCES = 10_000
# Each way has a pair of files here that holds our side in `cargo test`.
FIXTURES = pathlib.Path(__file__).parents[2] / "fixtures/occurrences"
SHOWN = int(os.environ.get("ORACLE_SHOWN", "10"))


def ask_ours(program, cases, texts):
    question = b""
    for case, text in zip(cases, texts):
        octets = text.encode()
        question += f"{len(octets)} {case['window'][0]} {case['window'][1]} {generate.DEFAULT}\n".encode() + octets
    answer = subprocess.run([program], input=question, stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line) for line in answer.splitlines()]


def tables():
    """Each zone's offsets as [[from, offset], …]: what ical.js knows of zones, from well before the first series."""
    since = -20 * 365 * 86_400
    found = {"UTC": [[-10**12, 0]]}
    for name in generate.ZONES:
        offset = lambda at: int(dt.datetime.fromtimestamp(at, zoneinfo.ZoneInfo(name)).utcoffset().total_seconds())
        found[name] = [[-10**12, offset(since)]] + [[at, offset(at)] for at in generate.transitions(name, since)]
    return found


def row_text(row):
    start, end, id = row
    text = f"{dt.datetime.fromtimestamp(start, generate.UTC):%Y%m%dT%H%M%SZ}+{end - start}s"
    return text if id is None else f"{text} (of {dt.datetime.fromtimestamp(id, generate.UTC):%Y%m%dT%H%M%SZ})"


def difference(name, case, text, ours, theirs):
    begin, end = (dt.datetime.fromtimestamp(at, generate.UTC) for at in case["window"])
    return "\n".join([
        f"--- {name}: seed {SEED}, case {case['number']}, {begin:%Y%m%dT%H%M%SZ} {end:%Y%m%dT%H%M%SZ}",
        text.replace("\r", "").rstrip(),
        "ours alone:   " + "; ".join(sorted(map(row_text, ours - theirs))[:6]),
        "theirs alone: " + "; ".join(sorted(map(row_text, theirs - ours))[:6]),
    ])


class Tally:
    """What came of some cases."""

    def __init__(self):
        self.counts = {name: collections.Counter() for name in ("python-dateutil", "recurring-ical-events", "ical.js")}
        self.unexplained, self.shown, self.refused = collections.Counter(), [], []
        self.too_many, self.slowest, self.filled, self.confirmed = 0, (0, None), 0, 0

    def add(self, other):
        for name, counts in other.counts.items():
            self.counts[name].update(counts)
        self.unexplained.update(other.unexplained)
        self.shown += other.shown
        self.refused += other.refused
        self.too_many, self.filled, self.confirmed = self.too_many + other.too_many, self.filled + other.filled, self.confirmed + other.confirmed
        self.slowest = max(self.slowest, other.slowest, key=lambda slow: slow[0])

    def differs(self, name, case, text, ours, theirs):
        self.unexplained[name] += 1
        self.shown.append(difference(name, case, text, ours, theirs))

    def compare(self, name, case, text, ours, ask):
        """Whether the other program said the same."""
        try:
            theirs = ask()
        except others.GaveUp as why:
            self.counts[name][f"no answer: {str(why).split(': ')[0][:60]}"] += 1
            return False
        if theirs == ours:
            self.counts[name]["the same"] += 1
            return True
        ways = deviations.explained(name, case, ours, theirs)
        if ways:
            self.counts[name].update(f"otherwise: {way}" for way in ways)
            return False
        self.counts[name]["unexplained"] += 1
        self.differs(name, case, text, ours, theirs)
        return False

    def take(self, case, text, answer, program, js):
        for _ in range(3):
            if answer["micros"] <= MOST_MICROS:
                break
            answer = ask_ours(program, [case], [text])[0]  # A busy machine takes longer; what costs much does so again.
        self.slowest = max(self.slowest, (answer["micros"], case["number"]), key=lambda slow: slow[0])
        if answer.get("refused", "").startswith("MaxInstances") and len(others.dateutil(case)) > MOST_OCCURRENCES:
            self.too_many += 1
            return
        if "refused" in answer:
            self.refused.append(f"--- refused: seed {SEED}, case {case['number']}: {answer['refused']}\n{text}")
            return
        ours = {tuple(row) for row in answer["occurrences"]}
        if len(ours) != len(answer["occurrences"]):
            self.differs("twice", case, text, ours, ours)
        self.filled += bool(ours)
        agreed = self.compare("python-dateutil", case, text, ours, lambda: others.dateutil(case))
        agreed += self.compare("recurring-ical-events", case, text, ours, lambda: others.rie(case, text))
        why = deviations.ical_js_is_asked(case)
        if why:
            self.counts["ical.js"][f"not asked: {why}"] += 1
        else:
            agreed += self.compare("ical.js", case, text, ours, lambda: js.ask(case, text))
        self.confirmed += agreed >= 2

    def report(self, asked):
        slowest, slow = self.slowest
        print(f"seed {SEED}: {asked} cases, {self.filled} with occurrences, {self.too_many} with more than {MOST_OCCURRENCES}, {self.confirmed} confirmed by two or more;"
              f" the slowest of ours {slowest / 1000:.1f} ms (case {slow})")
        for name, counts in self.counts.items():
            print(f"{name}:")
            for what, count in sorted(counts.items(), key=lambda row: -row[1]):
                words = deviations.WAYS.get(what.removeprefix("otherwise: "), "")
                print(f"  {count:7} {what}{': ' if words else ''}{words}")
        for shown in (self.shown + self.refused)[:SHOWN]:
            print(shown)
        say = lambda well, what: print(("ok " if well else "not ok ") + what)
        say(not self.refused, "every object is accepted")
        for name in self.counts:
            say(not self.unexplained[name], f"{name}: the same occurrences, or a deviation with a name")
        bare = [way for way in deviations.WAYS if not list(FIXTURES.glob(f"oracle-{way}*.txt"))]
        say(not bare, "every deviation with a name has a fixture")
        say(not self.unexplained["twice"], "no occurrence is given twice")
        say(self.confirmed * 10 >= asked * 8, "eight of ten cases are confirmed by two others")
        say(slowest <= MOST_MICROS, "no case costs more than two seconds")


class Worker:
    """One of the processes, with an ical.js of its own."""

    def begin(self, program, zones):
        self.program, self.js = program, others.IcalJs(str(pathlib.Path(__file__).with_name("ical.mjs")), zones)

    def tally(self, numbers):
        cases = [generate.make(random.Random(f"{SEED}/{number}"), number) for number in numbers]
        texts = [generate.text(case) for case in cases]
        tally = Tally()
        for case, text, answer in zip(cases, texts, ask_ours(self.program, cases, texts), strict=True):
            tally.take(case, text, answer, self.program, self.js)
        return tally


worker = Worker()


def tally_of(numbers):
    return worker.tally(numbers)


def main():
    whole, asked = Tally(), 0
    batches = [range(first, min(first + BATCH, CASES)) for first in range(0, CASES, BATCH)]
    with multiprocessing.get_context("fork").Pool(JOBS, worker.begin, (sys.argv[1], tables())) as pool:
        for numbers, tally in zip(batches, pool.imap(tally_of, batches)):
            whole.add(tally)
            asked += len(numbers)
            print(*tally.shown, f"{asked} of {CASES}, unexplained: {whole.unexplained.total()}", sep="\n", file=sys.stderr, flush=True)
    whole.report(CASES)


main()
