// The search of everything: "/" or ⌘K (Ctrl-K) opens it, arrows move, Enter goes there.
const dialog = document.querySelector("[data-search-dialog]");
const input = dialog?.querySelector("[data-search]");

function open() {
  if (dialog.open) return;
  dialog.showModal();
  input.select();
  input.dispatchEvent(new CustomEvent("open"));
}

function hits() {
  return [...dialog.querySelectorAll(".search-hit")];
}

function choose(hit) {
  for (const one of hits()) one.setAttribute("aria-selected", String(one === hit));
  hit?.scrollIntoView({ block: "nearest" });
}

function typing(element) {
  return element.matches?.("input, textarea, select, [contenteditable=true]");
}

if (dialog) {
  document.addEventListener("keydown", (event) => {
    const slash = event.key === "/" && !typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey;
    const command = event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey);
    if (!slash && !command) return;
    event.preventDefault();
    open();
  });
  document.querySelector("[data-search-open]")?.addEventListener("click", open);
  dialog.addEventListener("htmx:afterSwap", () => choose(hits()[0]));
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = hits();
    const at = all.findIndex((hit) => hit.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
    } else if (event.key === "Enter" && all[at]) {
      event.preventDefault();
      window.location.assign(all[at].href);
    }
  });
}
