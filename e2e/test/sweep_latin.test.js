// SPDX-License-Identifier: EUPL-1.2
import { phone } from "../lib/browser.js";
import { sweep } from "../lib/sweep.js";

for (const language of ["it", "en", "fr", "es", "sq"]) sweep(language, phone, language === "it");
