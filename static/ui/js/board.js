// Arrow keys through the cells of a board; one cell at a time takes part in Tab.
function target(cell) {
  return cell.querySelector("a") ?? cell;
}

function cells(row) {
  return [...row.cells].filter((cell) => cell.tagName === "TD");
}

function rows(board) {
  return [...board.querySelectorAll("tbody tr:not(.stage-row)")].filter((row) => cells(row).length > 0);
}

function prepare(board) {
  for (const cell of board.querySelectorAll("tbody td")) target(cell).tabIndex = -1;
  const first = board.querySelector("tbody td.selected") ?? board.querySelector("tbody td");
  if (first) target(first).tabIndex = 0;
}

function goal(board, cell, key, whole) {
  const all = rows(board);
  const row = all.indexOf(cell.parentNode);
  const line = cells(cell.parentNode);
  const column = line.indexOf(cell);
  const moves = {
    ArrowRight: () => line[column + 1],
    ArrowLeft: () => line[column - 1],
    ArrowDown: () => all[row + 1] && cells(all[row + 1])[column],
    ArrowUp: () => all[row - 1] && cells(all[row - 1])[column],
    Home: () => (whole ? cells(all[0])[0] : line[0]),
    End: () => (whole ? cells(all.at(-1)).at(-1) : line.at(-1)),
  };
  return moves[key]?.();
}

document.addEventListener("keydown", (event) => {
  const board = event.target.closest?.("[data-board]");
  const cell = event.target.closest?.("td");
  if (!board || !cell || event.altKey || event.metaKey || event.target.matches("input, select, textarea")) return;
  const next = goal(board, cell, event.key, event.ctrlKey);
  if (!next) return;
  event.preventDefault();
  target(cell).tabIndex = -1;
  target(next).tabIndex = 0;
  target(next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
});

for (const board of document.querySelectorAll("[data-board]")) prepare(board);
document.addEventListener("htmx:load", (event) => {
  const inside = event.target.matches?.("[data-board]") ? [event.target] : event.target.querySelectorAll?.("[data-board]") ?? [];
  for (const board of inside) prepare(board);
});
