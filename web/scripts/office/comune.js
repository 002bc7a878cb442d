// SPDX-License-Identifier: EUPL-1.2

// comune proposes names of municipalities while one is typed; the server reads the name in any case.
export function comune() {
  const all = () => {
    for (const field of document.querySelectorAll("form.editor input[name$='.comune']:not([list])")) propose(field);
  };
  document.addEventListener("rows", all);
  all();
}

function propose(field) {
  const list = document.createElement("datalist");
  list.id = `${field.id}-list`;
  field.after(list);
  field.setAttribute("list", list.id);
  let timer;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const text = field.value.trim();
      if (text.length < 2) return;
      try {
        const answer = await fetch(`/api/v1/territories?limit=12&q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
        if (!answer.ok) return;
        const { items } = await answer.json();
        list.replaceChildren(...items.filter(({ kind }) => kind === "comune").map(({ name, province }) => new Option("", `${name} (${province})`)));
      } catch {
        // Without proposals one writes the name.
      }
    }, 200);
  });
}
