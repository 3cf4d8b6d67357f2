// The dialog in which KPIs are picked: rows move by dragging or by their arrows, within their stage. And printing.
const list = document.querySelector(".kpi-choice-list");

function move(row, other, after) {
  if (!other || other === row || other.dataset.stage !== row.dataset.stage) return;
  other[after ? "after" : "before"](row);
}

list?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (!button) return;
  const row = button.closest("li");
  const down = button.dataset.move === "1";
  move(row, down ? row.nextElementSibling : row.previousElementSibling, down);
  button.focus();
});

let dragged = null;
list?.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("li");
  dragged?.classList.add("dragging");
});
list?.addEventListener("dragend", () => {
  dragged?.classList.remove("dragging");
  dragged = null;
});
list?.addEventListener("dragover", (event) => {
  const over = event.target.closest("li");
  if (!dragged || !over) return;
  event.preventDefault();
  const box = over.getBoundingClientRect();
  move(dragged, over, event.clientY > box.top + box.height / 2);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
