// SPDX-License-Identifier: EUPL-1.2

// drop lets files be dropped on their field; the browser's own field takes them.
export function drop() {
  for (const field of document.querySelectorAll("[data-drop]")) {
    const area = field.querySelector(".file-drop");
    const input = field.querySelector("input[type=file]");
    const over = (event, inside) => {
      event.preventDefault();
      area.classList.toggle("is-over", inside);
    };
    area.addEventListener("dragover", (event) => over(event, true));
    area.addEventListener("dragleave", (event) => over(event, false));
    area.addEventListener("drop", (event) => {
      over(event, false);
      if (event.dataTransfer.files.length === 0 || (!input.multiple && event.dataTransfer.files.length > 1)) return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}
