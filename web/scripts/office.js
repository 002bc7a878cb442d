// SPDX-License-Identifier: EUPL-1.2
//
// What the script adds to pages of operators, all of which work without it.
import { autosave } from "./office/autosave.js";
import { bulk } from "./office/bulk.js";
import { comune } from "./office/comune.js";
import { drop } from "./office/drop.js";
import { leave } from "./office/leave.js";
import { rows } from "./office/rows.js";
import { shortcuts } from "./office/shortcuts.js";
import { unsaved } from "./office/unsaved.js";
import { watch } from "./office/watch.js";

autosave();
bulk();
comune();
drop();
leave();
rows();
shortcuts();
unsaved();
watch();
