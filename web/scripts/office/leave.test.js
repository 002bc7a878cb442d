// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { test } from "node:test";
import { leave, left } from "./leave.js";

test("logging out takes away what was typed, and nothing else", () => {
  let send;
  globalThis.document = { addEventListener: (_, listener) => (send = listener) };
  const kept = { "approdo:typed:service/1": "{}", "approdo:typed:service/2": "{}", shortlist: "[]" };
  globalThis.localStorage = Object.defineProperty(kept, "removeItem", { value: (name) => delete kept[name] });
  leave();
  send({ target: { getAttribute: () => "/it/office/services/1/edit" } });
  assert.equal(left(), false);
  assert.equal(Object.keys(kept).length, 3);
  send({ target: { getAttribute: () => "/it/logout" } });
  assert.equal(left(), true);
  assert.deepEqual(Object.keys(kept), ["shortlist"]);
});
