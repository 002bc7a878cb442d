// SPDX-License-Identifier: EUPL-1.2
//
// Calendars with programs that others wrote: tsdav finds the calendar of a mediator, sees a new booking,
// moves it, enters a time off and is refused what the rules refuse; ical.js reads what is written; a feed is
// subscribed to and revoked. vdirsyncer from Debian keeps a folder in step, where it is installed.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test, { after, before } from "node:test";
import { promisify } from "node:util";
import ICAL from "ical.js";
import { createDAVClient } from "tsdav";
import { closeBrowser, desktop, phone, visitor } from "../lib/browser.js";
import { examples, local, login } from "../lib/account.js";
import { start } from "../lib/server.js";
import { inspect, tooWide } from "../lib/sweep.js";

const run = promisify(execFile);
const slow = 5_000; // ms: what "at once" is at most; the requirement is a minute

let server, base, mediator, desk;

before(async () => {
  server = await start();
  base = local(server.origin);
  const people = await examples(server);
  mediator = await visitor({ base, size: phone });
  await login(mediator.page, people.mediator, "/it/mediation/calendar");
  desk = await visitor({ base, size: desktop });
  await login(desk.page, people["desk-operator"], "/it/office/mediation/book");
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});

async function wellMade(page, name) {
  assert.deepEqual(await tooWide(page), [], name);
  assert.deepEqual(await inspect(page), [], name);
}

const main = (page) => page.locator("main").textContent();

// password makes the password of a program on the page of the mediator.
async function password(name) {
  const { page } = mediator;
  await page.goto("/it/mediation/calendar");
  await page.getByLabel("Per quale programma").fill(name);
  await page.getByRole("button", { name: "Crea una password" }).click();
  const said = async (id) => (await page.locator(id).textContent()).trim();
  return { server: await said("#dav-server"), user: await said("#dav-user"), secret: await said("#dav-password") };
}

// book asks for French in matters of health, which only one of the examples does, at a time that is free.
async function book(which) {
  const { page } = desk;
  await page.goto("/it/office/mediation/book");
  await page.locator("#language").selectOption("fr");
  await page.locator("input[name=mode][value=phone]").check({ force: true });
  await page.locator("details").evaluateAll((all) => all.forEach((one) => (one.open = true)));
  await page.locator("input[name=skills][value=health]").check({ force: true });
  await page.getByLabel(/Codice della persona/).fill("SEGRETO-17");
  await page.getByRole("button", { name: "Trova un orario" }).click();
  const choices = page.locator(".choices button");
  await choices.first().waitFor();
  const times = await choices.evaluateAll((all) => all.map((one) => one.value));
  const at = times.at(which);
  await choices.nth(times.indexOf(at)).click();
  await page.waitForURL(/\/it\/office\/mediation\/requests/);
  return { start: new Date(at), times: times.map((one) => new Date(one)) };
}

// connect is a program that has found the calendar by itself, from nothing but the name of the server.
async function connect({ secret, user }) {
  const client = await createDAVClient({ serverUrl: base, credentials: { username: user, password: secret }, authMethod: "Basic", defaultAccountType: "caldav" });
  const calendars = await client.fetchCalendars();
  return { client, calendars };
}

// read are the events of a calendar as ical.js understands them.
const read = (objects) => objects.map((one) => {
  const event = new ICAL.Event(new ICAL.Component(ICAL.parse(one.data)).getFirstSubcomponent("vevent"));
  return { one, uid: event.uid, start: event.startDate.toJSDate(), end: event.endDate.toJSDate(), summary: event.summary, text: one.data };
});

// find waits for an event that begins at a time.
async function find(client, calendar, start) {
  const until = Date.now() + slow;
  for (;;) {
    const found = read(await client.fetchCalendarObjects({ calendar })).find((e) => e.start.getTime() === start.getTime());
    if (found || Date.now() > until) return found;
  }
}

// moved is an event at another time, written as a program writes it.
function moved(event, start) {
  const calendar = new ICAL.Component(ICAL.parse(event.text));
  const inside = new ICAL.Event(calendar.getFirstSubcomponent("vevent"));
  inside.startDate = ICAL.Time.fromJSDate(start, true);
  inside.endDate = ICAL.Time.fromJSDate(new Date(start.getTime() + (event.end - event.start)), true);
  inside.component.removeAllProperties("sequence");
  return calendar.toString();
}

test("tsdav finds the calendar, sees a booking at once, and what it changes is honoured or refused", async () => {
  await wellMade(mediator.page, "the page of calendars");
  const key = await password("tsdav");
  await wellMade(mediator.page, "the password that is shown once");
  const { client, calendars } = await connect(key);
  assert.equal(calendars.length, 1);
  const [calendar] = calendars;
  assert.deepEqual(calendar.components, ["VEVENT"]);
  const before = (await client.fetchCalendarObjects({ calendar })).length; // of the example network

  const first = await book(-1);
  const asked = Date.now();
  const one = await find(client, calendar, first.start);
  assert.ok(one, "the booking is not in the calendar");
  assert.ok(Date.now() - asked < slow);
  assert.match(one.summary, /Mediazione: francese/);
  assert.doesNotMatch(one.text, /SEGRETO/, "the code of the person leaves the house");
  const second = await book(-1);
  const other = await find(client, calendar, second.start);
  assert.ok(other && other.uid !== one.uid);

  // A state is told by what changed since: RFC 6578.
  const [fresh] = await client.fetchCalendars();
  assert.notEqual(fresh.ctag, calendar.ctag);
  const since = await client.syncCollection({ url: calendar.url, props: { "d:getetag": {} }, syncLevel: 1, syncToken: calendar.syncToken });
  assert.deepEqual(since.map((r) => r.href).filter((href) => href?.endsWith(".ics")).sort(), [one.one.url, other.one.url].map((url) => new URL(url).pathname).sort());

  const change = (event, data) => client.updateCalendarObject({ calendarObject: { url: event.one.url, etag: event.one.etag, data } });
  const taken = await change(one, moved(one, second.start));
  assert.equal(taken.status, 409, "moved onto a time that is taken");
  assert.match(await taken.text(), /non è più libero/);
  assert.equal((await find(client, calendar, first.start))?.uid, one.uid, "what was refused has been done");

  const free = second.times.at(0);
  const honoured = await change(one, moved(one, free));
  assert.equal(honoured.status, 204, await honoured.text());
  assert.equal((await find(client, calendar, free))?.uid, one.uid);
  await desk.page.goto("/it/office/notices");
  assert.match(await main(desk.page), /Incontro spostato/, "the desk is told");
  assert.equal((await change(one, moved(one, first.start))).status, 412, "changed over another state");

  // A new event is a time off; onto a booking there is none.
  const off = (name, at) => client.createCalendarObject({
    calendar, filename: `${name}.ics`,
    iCalString: ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//IT", "BEGIN:VEVENT", `UID:${name}`, "DTSTAMP:20270101T080000Z", `DTSTART:${at.toISOString().replace(/[-:]|\.\d+/g, "")}`, "DURATION:PT1H", "SUMMARY:Dal dentista", "END:VEVENT", "END:VCALENDAR", ""].join("\r\n"),
  });
  assert.equal((await off("ferie", first.start)).status, 201);
  assert.equal((await off("di-nuovo", second.start)).status, 409);
  const day = await find(client, calendar, first.start);
  assert.match(day.summary, /Non disponibile/);
  assert.doesNotMatch(day.text, /dentista/);
  await mediator.page.goto("/it/mediation");
  assert.match(await mediator.page.locator("main").evaluate((el) => el.innerHTML), /name="remove"/);

  // Given back: the desk sees it, the calendar has it no more.
  const gone = await client.deleteCalendarObject({ calendarObject: { url: other.one.url, etag: other.one.etag } });
  assert.equal(gone.status, 204);
  assert.equal((await client.fetchCalendarObjects({ calendar })).length, before + 2, "a booking and a time off");

  // Within a range, as telephones ask.
  const range = { start: new Date(free.getTime() - 3600e3).toISOString(), end: new Date(free.getTime() + 1800e3).toISOString() };
  assert.deepEqual(read(await client.fetchCalendarObjects({ calendar, timeRange: range })).map((e) => e.uid), [one.uid]);

  // Revoked: from now on it opens nothing.
  await mediator.page.goto("/it/mediation/calendar");
  await mediator.page.getByRole("button", { name: "Togli: tsdav" }).click();
  await mediator.page.getByText("non apre più niente").waitFor();
  const refused = await fetch(calendar.url, { method: "PROPFIND", headers: { Authorization: `Basic ${Buffer.from(`${key.user}:${key.secret}`).toString("base64")}`, Depth: "0" } });
  assert.equal(refused.status, 401);
  assert.match(refused.headers.get("www-authenticate"), /^Basic/);
  await assert.rejects(connect(key));
  assert.deepEqual(mediator.problems, []);
});

test("a feed is subscribed to, is told apart by its tag, and revoked", async () => {
  const { page } = desk;
  await page.goto("/it/office/mediation/calendar");
  await wellMade(page, "the calendars of the body");
  await page.getByLabel("Per quale calendario").fill("sportello 1");
  await page.getByRole("button", { name: "Crea un indirizzo" }).click();
  const address = (await page.locator("#feed-address").textContent()).trim();
  await wellMade(page, "the address that is shown once");
  const answer = await fetch(address);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-type"), /^text\/calendar/);
  const text = await answer.text();
  assert.ok(text.split("\r\n").every((line) => Buffer.byteLength(line) <= 75), "lines are folded");
  const calendar = new ICAL.Component(ICAL.parse(text));
  assert.equal(calendar.getFirstSubcomponent("vtimezone").getFirstPropertyValue("tzid"), "Europe/Rome");
  assert.ok(calendar.getAllSubcomponents("vevent").length >= 1);
  assert.doesNotMatch(text, /SEGRETO|Farida/);
  assert.equal((await fetch(address, { headers: { "If-None-Match": answer.headers.get("etag") } })).status, 304);
  await page.goto("/it/office/mediation/calendar");
  await page.getByRole("button", { name: "Togli: sportello 1" }).click();
  await page.getByText("non apre più niente").waitFor();
  assert.equal((await fetch(address)).status, 404);
  for (const size of [phone, desktop]) {
    await mediator.page.setViewportSize(size);
    await mediator.page.goto("/ar/mediation/calendar");
    await wellMade(mediator.page, `the page of calendars in Arabic, ${size.width} wide`);
  }
  assert.match(await main(mediator.page), /تقويماتي/);
  assert.deepEqual(desk.problems, []);
});

test("vdirsyncer keeps a folder in step", async (t) => {
  const found = await run("vdirsyncer", ["--version"]).catch(() => null);
  if (!found) {
    assert.ok(!process.env.CI, "vdirsyncer is missing: scripts/setup.sh vdirsyncer");
    return t.diagnostic("vdirsyncer is not installed");
  }
  const key = await password("vdirsyncer");
  const dir = await mkdtemp(path.join(tmpdir(), "approdo-vdir-"));
  try {
    await writeFile(path.join(dir, "config"), `[general]
status_path = "${dir}/status"
[pair agenda]
a = "here"
b = "there"
collections = ["from b"]
conflict_resolution = "b wins"
[storage here]
type = "filesystem"
path = "${dir}/files"
fileext = ".ics"
[storage there]
type = "caldav"
url = "${base}/"
username = "${key.user}"
password = "${key.secret}"
`);
    const go = (...args) => run("vdirsyncer", ["-c", path.join(dir, "config"), ...args], { env: { ...process.env, LC_ALL: "C.UTF-8", LANG: "C.UTF-8" } });
    await promisify(execFile)("sh", ["-c", `yes | vdirsyncer -c ${dir}/config discover`], { env: { ...process.env, LC_ALL: "C.UTF-8", LANG: "C.UTF-8" } });
    const { start } = await book(0);
    await go("sync");
    const folder = path.join(dir, "files", "mediation");
    const texts = async () => Promise.all((await readdir(folder)).filter((f) => f.endsWith(".ics")).map(async (f) => ({ f, text: await readFile(path.join(folder, f), "utf8") })));
    const booked = read((await texts()).map(({ f, text }) => ({ url: f, data: text }))).find((e) => e.start.getTime() === start.getTime());
    assert.ok(booked, "the booking did not come");
    const night = new Date(start.getTime() - 12 * 3600e3).toISOString().replace(/[-:]|\.\d+/g, "");
    await writeFile(path.join(folder, "notte.ics"), ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//IT", "BEGIN:VEVENT", "UID:notte", "DTSTAMP:20270101T080000Z", `DTSTART:${night}`, "DURATION:PT1H", "SUMMARY:Riposo", "END:VEVENT", "END:VCALENDAR", ""].join("\r\n"));
    await go("sync");
    await go("sync");
    assert.match((await texts()).map((one) => one.text).join(), /Non disponibile/, "what was kept comes back");
    await rm(path.join(folder, booked.one.url));
    await go("sync");
    assert.ok(!(await texts()).some((one) => one.text.includes(booked.uid)), "what was given back is gone");
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
