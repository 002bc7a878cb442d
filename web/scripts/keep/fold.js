// SPDX-License-Identifier: EUPL-1.2
//
// Words as they are compared on the phone: without case, accents, vowel signs and
// variants of letters. What is kept and what is asked go through the same function,
// so they agree with each other; the server's own folding knows more.

const marks = /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u09bc\u200b-\u200f\u2060\ufe0f]/g;
const letters = { ى: "ي", ی: "ي", ے: "ي", ې: "ي", ک: "ك", ہ: "ه", ھ: "ه", ە: "ه", ة: "ه", ۃ: "ه", ں: "ن", گ: "ك", ґ: "г", ı: "i", ł: "l", đ: "d", ß: "ss", æ: "ae", ø: "o", œ: "oe" };
const variant = new RegExp(`[${Object.keys(letters).join("")}]`, "g");
const han = /\p{Script=Han}/u;

export function fold(text) {
  return text.toLowerCase().normalize("NFKD").replace(marks, "").normalize("NFC").replace(variant, (letter) => letters[letter]);
}

// words cuts a text; runs of Chinese, which has no spaces, become pairs of letters.
export function words(text) {
  const out = [];
  for (const run of fold(text).match(/[\p{L}\p{N}\p{M}]+/gu) ?? []) {
    if (!han.test(run)) {
      out.push(run);
      continue;
    }
    const signs = [...run];
    if (signs.length === 1) out.push(run);
    for (let i = 0; i + 1 < signs.length; i++) out.push(signs[i] + signs[i + 1]);
  }
  return out;
}
