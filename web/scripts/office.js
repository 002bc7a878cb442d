// SPDX-License-Identifier: EUPL-1.2
//
// What the script adds to pages of operators, all of which work without it.
import { bulk } from "./office/bulk.js";
import { drop } from "./office/drop.js";
import { shortcuts } from "./office/shortcuts.js";
import { unsaved } from "./office/unsaved.js";

bulk();
drop();
shortcuts();
unsaved();
