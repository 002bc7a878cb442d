// SPDX-License-Identifier: EUPL-1.2
import { test } from "node:test";
import assert from "node:assert/strict";
import { fold, words } from "./fold.js";
import { find, index, near } from "./find.js";

const pack = {
  needs: {
    "food-and-meals": { n: "Pasti", w: ["ho fame", "mensa dei poveri", "طعام"] },
    "residence-permit": { n: "Permesso di soggiorno", w: ["rinnovo permesso", "تجديد الإقامة", "居留许可续签"] },
  },
  services: [
    { i: "1", n: "Mensa serale", s: "Un pasto caldo ogni sera.", o: "Cooperativa Ulivo", c: "Marsala (TP)", x: ["food-and-meals"] },
    { i: "2", n: "Sportello immigrazione", s: "Aiuto con le pratiche.", o: "Comune", c: "Trapani (TP)", x: ["residence-permit"] },
  ],
};
const first = (question) => find(index(pack), question)[0]?.i;

test("accents, vowel signs and variants of letters fold away", () => {
  assert.equal(fold("Però È"), "pero e");
  assert.equal(fold("الإِقامةُ"), fold("الاقامه"));
  assert.equal(fold("کیا"), fold("كيا"));
  assert.deepEqual(words("居留许可"), ["居留", "留许", "许可"]);
});

test("a service is found by its own words, by those of its need, misspelt and unfinished", () => {
  assert.equal(first("mensa"), "1");
  assert.equal(first("ho fame"), "1");
  assert.equal(first("permeso"), "2");
  assert.equal(first("imigrazione"), "2");
  assert.equal(first("sport"), "2");
  assert.equal(first("تجديد الاقامة"), "2");
  assert.equal(first("居留许可"), "2");
  assert.equal(first("marsala"), "1");
});

test("small words don't find what the telling ones do not", () => {
  assert.deepEqual(find(index(pack), "ho sete"), []);
  assert.equal(first("il permesso di mio padre"), "2");
});

test("what nobody offers is not found", () => {
  assert.deepEqual(find(index(pack), "astronave"), []);
  assert.equal(find(index(pack), "  ").length, 2);
});

test("near allows one slip and no more", () => {
  assert.ok(near("mensa", "mesna"));
  assert.ok(near("mensa", "menssa"));
  assert.ok(!near("mensa", "mosca"));
  assert.ok(!near("mensa", "amens"));
});
