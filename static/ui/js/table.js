// Tables: sort by a head, labels for the cards of a phone.
const collator = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });

function valueOf(row, column, kind) {
  const cell = row.cells[column];
  const text = cell?.dataset.value ?? cell?.textContent.trim() ?? "";
  if (kind !== "number") return text;
  const number = parseFloat(text.replaceAll(",", "").replace("\u2212", "-"));
  return Number.isNaN(number) ? null : number;
}

function compare(a, b, kind) {
  if (kind !== "number") return collator.compare(a, b);
  if (a === null || b === null) return (a === null) - (b === null);
  return a - b;
}

function sort(head) {
  const table = head.closest("table");
  const column = [...head.parentNode.cells].indexOf(head);
  const kind = head.dataset.sort;
  const down = head.getAttribute("aria-sort") === "ascending" || (!head.hasAttribute("aria-sort") && kind === "number");
  for (const other of table.tHead.querySelectorAll("[aria-sort]")) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  for (const part of table.tBodies) {
    const rows = [...part.rows].map((row) => [valueOf(row, column, kind), row]);
    rows.sort(([a], [b]) => {
      const order = compare(a, b, kind);
      return down && a !== null && b !== null ? -order : order; // what has no value stays at the end
    });
    part.append(...rows.map(([, row]) => row));
  }
}

function makeSortable(table) {
  const fixed = table.querySelector("tbody .empty");
  for (const head of table.tHead?.querySelectorAll("th[data-sort]") ?? []) {
    if (fixed || head.querySelector(".sort")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(head));
  }
}

function nameCells(table) {
  const names = [...(table.tHead?.rows[0]?.cells ?? [])].map((head) => head.textContent.trim());
  for (const part of table.tBodies) {
    for (const row of part.rows) {
      [...row.cells].forEach((cell, at) => {
        if (cell.tagName === "TD" && cell.colSpan === 1 && cell.dataset.label === undefined && names[at]) cell.dataset.label = names[at];
      });
    }
  }
}

function prepare(inside) {
  for (const holder of inside.querySelectorAll("[data-table]")) {
    const table = holder.querySelector("table");
    if (!table) continue;
    nameCells(table);
    makeSortable(table);
    const none = holder.querySelector("[data-table-empty]");
    if (none) none.hidden = [...table.tBodies].some((part) => part.rows.length > 0);
  }
}

prepare(document);
document.addEventListener("htmx:load", (event) => {
  prepare(event.target);
  if (event.target.closest?.("[data-table]")) prepare(event.target.closest("[data-table]").parentNode);
});
