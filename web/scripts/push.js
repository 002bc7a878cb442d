// SPDX-License-Identifier: EUPL-1.2
//
// On the page of one's own preferences alone: a form with data-push connects this browser, so that it
// shows messages. It asks for permission when its button is pressed, and sends what the browser's push
// service gives as any form. Words come from the page.

// A scope in which there is no page: the worker of the public site is another one.
const scope = "/push-worker/";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

// working waits until the worker can take messages.
async function working() {
  const registration = await navigator.serviceWorker.register("/push-worker.js", { scope });
  const worker = registration.installing || registration.waiting;
  if (!registration.active && worker) {
    await new Promise((done) => worker.addEventListener("statechange", () => worker.state === "activated" && done()));
  }
  return registration;
}

// browser is what its owner knows it by.
function browser() {
  const brands = navigator.userAgentData?.brands?.map((b) => b.brand).filter((b) => !/not.?a.?brand|chromium/i.test(b)) ?? [];
  const name = brands[0] ?? navigator.userAgent.match(/(Firefox|Edg|Chrome|Safari)/)?.[1] ?? "";
  const system = navigator.userAgentData?.platform ?? navigator.userAgent.match(/Android|iPhone|iPad|Windows|Mac OS X|Linux/)?.[0] ?? "";
  return [name, system].filter(Boolean).join(", ").slice(0, 80);
}

async function connect(form) {
  const said = form.querySelector("[data-push-status]");
  said.hidden = true;
  try {
    if ((await Notification.requestPermission()) !== "granted") throw new Error(form.dataset.refused);
    const registration = await working();
    const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.push) });
    const { endpoint, keys } = subscription.toJSON();
    form.elements.endpoint.value = endpoint;
    form.elements.p256dh.value = keys.p256dh;
    form.elements.auth.value = keys.auth;
    form.elements.name.value = browser();
  } catch (problem) {
    said.textContent = problem.message === form.dataset.refused ? form.dataset.refused : form.dataset.failed;
    said.hidden = false;
    return;
  }
  form.submit();
}

for (const form of document.querySelectorAll("form[data-push]")) {
  if (!("PushManager" in window) || !("Notification" in window) || !navigator.serviceWorker) continue;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    connect(form);
  });
}
