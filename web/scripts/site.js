// SPDX-License-Identifier: EUPL-1.2
//
// What the script adds to pages that work without it. Each part looks for its data
// attribute; words come from the page, never from here.
import { loggedOut } from "./agenda/store.js";
import { discreet } from "./discreet.js";
import { exit } from "./exit.js";
import { languages, menu } from "./menu.js";
import { live } from "./live.js";
import { maps } from "./maps.js";
import { near } from "./near.js";
import { offline } from "./offline.js";
import { readAloud } from "./read.js";
import { share } from "./share.js";
import { shortlist } from "./shortlist.js";

discreet();
exit();
menu();
languages();
live();
loggedOut();
maps();
near();
offline();
readAloud();
share();
shortlist();
document.querySelector("[data-focus]")?.focus();
