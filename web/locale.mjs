// SPDX-License-Identifier: EUPL-1.2
//
// Writes internal/kit/lang/locale.json: what CLDR knows about dates, numbers and
// lists in the ten languages of the interface. golang.org/x/text has no dates, so
// the table is made here from the CLDR packages on npm and committed.
// Run it again (npm run locale) only when the CLDR version in package.json changes.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const languages = ["it", "en-GB", "fr", "es", "ar", "uk", "sq", "zh", "bn", "ur"];
const dayKeys = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const load = (pack, lang, file) =>
  JSON.parse(readFileSync(require.resolve(`${pack}/main/${lang}/${file}.json`), "utf8")).main[lang];

const months = (table) => Array.from({ length: 12 }, (_, i) => table[String(i + 1)]);
const days = (table) => dayKeys.map((key) => table[key]);

// counts turns {"relativeTimePattern-count-one": …} into {"one": …}.
const counts = (table) =>
  Object.fromEntries(Object.entries(table).map(([key, text]) => [key.split("-count-")[1], text]));

const plain = (table) =>
  Object.fromEntries(Object.entries(table).filter(([key]) => !key.includes("-alt-")));

function describe(lang) {
  const calendar = load("cldr-dates-full", lang, "ca-gregorian").dates.calendars.gregorian;
  const day = load("cldr-dates-full", lang, "dateFields").dates.fields.day;
  const numbers = load("cldr-numbers-full", lang, "numbers").numbers;
  const lists = load("cldr-misc-full", lang, "listPatterns").listPatterns;
  const units = load("cldr-units-full", lang, "units").units;
  const formats = calendar.dateTimeFormats.availableFormats;
  const intervals = calendar.dateTimeFormats.intervalFormats;
  // Latin digits in every language: the numbers on Italian doors, forms and tickets.
  const symbols = numbers["symbols-numberSystem-latn"];
  return {
    months: { full: months(calendar.months.format.wide), short: months(calendar.months.format.abbreviated),
      alone: months(calendar.months["stand-alone"].wide) },
    days: { full: days(calendar.days["stand-alone"].wide), short: days(calendar.days["stand-alone"].abbreviated),
      inDate: days(calendar.days.format.wide) },
    date: { full: calendar.dateFormats.full, long: calendar.dateFormats.long, short: formats.yMMMd,
      dayMonth: formats.MMMMd, monthYear: formats.yMMMM },
    range: { sameMonth: intervals.yMMMd.d, sameYear: intervals.yMMMd.M, other: intervals.yMMMd.y },
    relative: {
      days: Object.fromEntries([-2, -1, 0, 1, 2].map((n) => [String(n), day[`relative-type-${n}`]])
        .filter(([, text]) => text)),
      future: counts(day["relativeTime-type-future"]),
      past: counts(day["relativeTime-type-past"]),
    },
    number: { decimal: symbols.decimal, group: symbols.group, minGroup: Number(numbers.minimumGroupingDigits),
      grouping: numbers["decimalFormats-numberSystem-latn"].standard,
      percent: numbers["percentFormats-numberSystem-latn"].standard,
      euro: numbers["currencyFormats-numberSystem-latn"].standard },
    list: { ...plain(lists["listPattern-type-standard"]) },
    unit: { metre: counts(pick(units.short["length-meter"])), kilometre: counts(pick(units.short["length-kilometer"])) },
  };
}

function pick(unit) {
  return Object.fromEntries(Object.entries(unit).filter(([key]) => /^unitPattern-count-[a-z]+$/.test(key)));
}

const table = Object.fromEntries(languages.map((lang) => [lang.slice(0, 2), describe(lang)]));
const target = new URL("../internal/kit/lang/locale.json", import.meta.url);
writeFileSync(target, JSON.stringify(table, null, 1) + "\n");
