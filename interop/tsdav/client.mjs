// tsdav, told by library.py what to do: a line of JSON in, a line out.

import { createInterface } from "node:readline";
import { calendarMultiGet, createDAVClient, getBasicAuthHeaders } from "tsdav";

const [serverUrl, username, password] = process.argv.slice(2);
const credentials = { username, password };
const authorization = getBasicAuthHeaders(credentials);
let client;
// What an application keeps of each calendar between its syncs: tsdav's own collection objects, by path.
const kept = new Map();

const path = url => new URL(url, serverUrl).pathname;
const whole = href => new URL(href, serverUrl).href;
// tsdav reports failures in two ways: an exception, or a Response that nobody has looked at.
const good = response => {
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return response;
};
// A failed report comes as one response without properties.
const goodAll = responses => {
  const bad = responses.find(one => one.status >= 400);
  if (bad) throw new Error(`${bad.status} ${bad.statusText} ${JSON.stringify(bad.raw ?? "")}`);
  return responses;
};
const etagOf = response => response.headers.get("etag");
const multiGet = parameters => calendarMultiGet({ ...parameters, headers: authorization });

const verbs = {
  async find() {
    client = await createDAVClient({ serverUrl, credentials, authMethod: "Basic", defaultAccountType: "caldav" });
    const calendars = await client.fetchCalendars();
    for (const one of calendars) if (!kept.has(path(one.url))) kept.set(path(one.url), { ...one, syncToken: undefined, objects: [], objectMultiGet: multiGet });
    return calendars.map(one => ({ href: path(one.url), name: one.displayName, components: one.components }));
  },
  async list({ calendar }) {
    const responses = goodAll(await client.propfind({ url: whole(calendar), depth: "1", props: { "d:getetag": {}, "d:resourcetype": {} } }));
    return responses.filter(one => one.props?.getetag).map(one => ({ href: path(one.href), etag: one.props.getetag }));
  },
  async read({ calendar, hrefs }) {
    const objects = await client.fetchCalendarObjects({ calendar: { url: whole(calendar) }, objectUrls: hrefs });
    return objects.map(one => ({ href: path(one.url), etag: one.etag, data: one.data }));
  },
  async range({ calendar, start, end }) {
    const objects = await client.fetchCalendarObjects({ calendar: { url: whole(calendar) }, timeRange: { start, end } });
    return objects.map(one => path(one.url));
  },
  async create({ calendar, name, data }) {
    return etagOf(good(await client.createCalendarObject({ calendar: { url: whole(calendar) }, filename: name, iCalString: data })));
  },
  async update({ href, etag, data }) {
    return etagOf(good(await client.updateCalendarObject({ calendarObject: { url: whole(href), etag, data } })));
  },
  async delete({ href, etag }) {
    good(await client.deleteCalendarObject({ calendarObject: { url: whole(href), etag } }));
  },
  async sync({ calendar }) {
    const before = kept.get(calendar);
    const account = { accountType: "caldav", homeUrl: serverUrl };
    const anew = { ...before, syncToken: undefined, objects: [] };
    kept.set(calendar, anew);
    const { syncToken, objects } = await client.smartCollectionSync({ collection: before, method: "webdav", account, detailedResult: true });
    const changed = [...objects.created, ...objects.updated];
    const touched = [...changed, ...objects.deleted].map(one => path(one.url));
    kept.set(calendar, { ...before, syncToken, objects: [...before.objects.filter(one => !touched.includes(path(one.url))), ...changed] });
    return { changed: changed.map(one => path(one.url)), gone: objects.deleted.map(one => path(one.url)) };
  },
  async spoil({ calendar }) {
    kept.set(calendar, { ...kept.get(calendar), syncToken: "urn:nobody:1" });
  },
  async make({ name, title }) {
    const account = await client.createAccount({ account: { serverUrl, accountType: "caldav" } });
    const url = new URL(`${name}/`, account.homeUrl).href;
    goodAll(await client.makeCalendar({ url, props: { "d:displayname": title } }));
    return path(url);
  },
  async remove({ href }) {
    good(await client.deleteObject({ url: whole(href) }));
  },
  async occurrences({ calendar, start, end }) {
    const objects = await client.fetchCalendarObjects({ calendar: { url: whole(calendar) }, timeRange: { start, end }, expand: true });
    return objects.map(one => one.data);
  },
  async busy({ calendar, start, end }) {
    return (await client.freeBusyQuery({ url: whole(calendar), timeRange: { start, end }, depth: "0" })).raw;
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { verb, ...words } = JSON.parse(line);
  let answer;
  try {
    answer = { value: (await verbs[verb](words)) ?? null };
  } catch (fault) {
    answer = { fault: `${fault.name}: ${fault.message}` };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
