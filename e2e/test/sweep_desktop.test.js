// SPDX-License-Identifier: EUPL-1.2
import { desktop } from "../lib/browser.js";
import { sweep } from "../lib/sweep.js";

sweep("it", desktop, true);
sweep("ar", desktop);
