// SPDX-License-Identifier: EUPL-1.2
import { phone } from "../lib/browser.js";
import { sweep } from "../lib/sweep.js";

for (const language of ["ar", "uk", "zh", "bn", "ur"]) sweep(language, phone, language !== "ur"); // ur is written as ar is
