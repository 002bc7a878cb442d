// SPDX-License-Identifier: EUPL-1.2

// offline shows the banner while there is no connection.
export function offline() {
  const banner = document.querySelector("[data-offline]");
  const show = () => {
    banner.hidden = navigator.onLine;
  };
  if (!banner) return;
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}
