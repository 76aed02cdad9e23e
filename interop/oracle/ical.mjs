// ical.js, what Thunderbird stands on: an object and, of which instances to tell, the first and the last time per line, its occurrences as a line of JSON.
// The first line has the zones' offsets as tables, so that what is compared are rules, exceptions and overrides, not the age of zone data.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';

const require = createRequire(pathToFileURL(process.env.ICAL_JS + '/'));
const { default: ICAL } = await import(pathToFileURL(require.resolve('ical.js')).href);

// One object can't have more than this many instances up to its window; the time is for what loops without an instance, and long enough
// for a busy machine.
const MOST = 6_000;
const PATIENCE_MS = 1_000;

// In a gap the offset before it, in a fold the first (RFC 5545 §3.3.5). `table` is [[from, offset], …], from in seconds since 1970.
class Table extends ICAL.Timezone {
  constructor(tzid, table) { super({ tzid }); this.table = table; this.tzid = tzid; }
  offsetAt(at) {
    let low = 0, high = this.table.length;
    while (high - low > 1) { const middle = (low + high) >> 1; if (this.table[middle][0] <= at) low = middle; else high = middle; }
    return this.table[low][1];
  }
  // The offset in force before a change holds until the wall clock is past both its gap and its fold.
  utcOffset(time) {
    const wall = Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second) / 1000;
    let low = 0, high = this.table.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1, [from, after] = this.table[middle], before = this.table[middle - 1][1];
      if (wall >= from + Math.max(before, after)) low = middle; else high = middle;
    }
    return this.table[low][1];
  }
}

const wallOf = (time) => Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second) / 1000;
let zones;

function occurrences({ text, zone, from, last }) {
  const fallback = zones[zone];
  const at = (time) => {
    const tzid = time.zone?.tzid;
    return tzid === 'UTC' ? wallOf(time) : wallOf(time) - (zones[tzid] ?? fallback).utcOffset(time);
  };
  const root = new ICAL.Component(ICAL.parse(text));
  const events = root.getAllSubcomponents('vevent');
  const master = new ICAL.Event(events.find((event) => !event.hasProperty('recurrence-id')), {
    exceptions: events.filter((event) => event.hasProperty('recurrence-id')), strictExceptions: false,
  });
  const rows = [];
  if (!master.isRecurring()) rows.push([at(master.startDate), at(master.endDate), at(master.startDate)]);
  else {
    const iterator = master.iterator();
    for (let next, n = 0; (next = iterator.next()); n++) {
      if (n > MOST) throw new Error('too many');
      if (at(next) < from) continue;
      if (at(next) > last) break;
      const found = master.getOccurrenceDetails(next);
      rows.push([at(found.startDate), at(found.endDate), at(found.recurrenceId)]);
    }
  }
  return { rows };
}

const context = vm.createContext({ occurrences, question: null });
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (!zones) {
    zones = Object.fromEntries(Object.entries(message).map(([name, table]) => [name, new Table(name, table)]));
    for (const [name, zone] of Object.entries(zones)) ICAL.TimezoneService.register(zone, name);
    continue;
  }
  let answer;
  try { context.question = message; answer = vm.runInContext('occurrences(question)', context, { timeout: PATIENCE_MS }); }
  catch (error) { answer = { error: `${process.env.DEBUG_ORACLE ? error.stack : error.message ?? error}`.slice(0, 400) }; }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
