// SPDX-License-Identifier: EUPL-1.2

// offline shows the banner while there is no connection. Some networks say that they
// are one and lead nowhere: then the page of copies stands at the address of another.
export function offline() {
  const banner = document.querySelector("[data-offline]");
  const standIn = document.querySelector("[data-keep-offline]") && !location.pathname.endsWith("/offline");
  const show = () => {
    banner.hidden = navigator.onLine && !standIn;
  };
  if (!banner) return;
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}
