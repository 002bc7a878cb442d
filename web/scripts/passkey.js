// SPDX-License-Identifier: EUPL-1.2
//
// Passkeys: a form with data-passkey asks its address plus "/begin" for a challenge, lets the
// authenticator answer it, and is then sent as any form. Words come from the page.
import { leave } from "./office/leave.js";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const named = (list) => (list || []).map((c) => ({ ...c, id: bytes(c.id) }));

// ask hands the challenge to the authenticator: to make a passkey, or to show one.
function ask(making, o) {
  if (making) {
    const publicKey = { ...o, challenge: bytes(o.challenge), user: { ...o.user, id: bytes(o.user.id) }, excludeCredentials: named(o.excludeCredentials) };
    return navigator.credentials.create({ publicKey });
  }
  return navigator.credentials.get({ publicKey: { ...o, challenge: bytes(o.challenge), allowCredentials: named(o.allowCredentials) } });
}

// write puts what the authenticator answered into the form that WebAuthn gives it as JSON.
function write(c) {
  const r = c.response;
  const response = { clientDataJSON: text(r.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) if (r[name]) response[name] = text(r[name]);
  if (r.getTransports) response.transports = r.getTransports();
  return JSON.stringify({
    id: c.id, rawId: text(c.rawId), type: c.type, response, clientExtensionResults: c.getClientExtensionResults(),
    authenticatorAttachment: c.authenticatorAttachment || undefined,
  });
}

async function run(form) {
  const said = form.querySelector("[data-passkey-status]");
  said.hidden = true;
  try {
    const answer = await fetch(form.action + "/begin", { method: "POST", headers: { Accept: "application/json" } });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.detail);
    form.elements.errand.value = told.errand;
    form.elements.credential.value = write(await ask(form.dataset.passkey === "make", told.options));
  } catch (problem) {
    said.textContent = problem instanceof DOMException ? form.dataset.failed : problem.message || form.dataset.failed;
    said.hidden = false;
    return;
  }
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(form);
  });
}

// Some of these pages offer to log out in place of going on.
leave();
