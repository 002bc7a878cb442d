// SPDX-License-Identifier: EUPL-1.2

const patience = 1500; // ms to wait for an answer before the form is simply sent

// discreet keeps questions about violence out of the history of the browser, whose addresses no page
// can take back: the server is asked first, and such a question travels to the results in the memory
// of this tab instead of in the address.
export function discreet() {
  for (const form of document.querySelectorAll("form[role=search][method=get]:not([data-live])")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form).then((quiet) => (quiet ? handOver(form) : form.submit()));
    });
  }
}

async function ask(form) {
  const query = new URLSearchParams({ q: form.elements.q?.value ?? "", lang: document.documentElement.lang, limit: 1 });
  try {
    const answer = await fetch(`/api/v1/services?${query}`, { signal: AbortSignal.timeout(patience) });
    return (await answer.json()).discreet === true;
  } catch {
    return false; // slow or offline: the answer matters more
  }
}

const place = "asked";

function handOver(form) {
  try {
    sessionStorage.setItem(place, JSON.stringify([...new FormData(form)]));
    location.assign(form.action);
  } catch {
    form.submit(); // storage is closed to us
  }
}

// handedOver fills form with what another page handed over, once, and tells whether there was anything.
export function handedOver(form) {
  let fields = [];
  try {
    fields = JSON.parse(sessionStorage.getItem(place) ?? "[]");
    sessionStorage.removeItem(place);
  } catch {
    return false;
  }
  for (const [name, value] of fields) {
    if (!form.elements[name]) form.append(Object.assign(document.createElement("input"), { type: "hidden", name }));
    form.elements[name].value = value;
  }
  return fields.length > 0;
}
