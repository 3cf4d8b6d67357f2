// Counts of events and unfinished actions on a board's cells, asked for after the board itself has been drawn.
const wrap = document.querySelector("[data-board-marks]");

function places() {
  const found = new Map();
  for (const link of document.querySelectorAll("[data-board] td a[data-drawer]")) {
    const cell = new URL(link.href).searchParams.get("cell");
    if (cell) found.set(cell, link);
  }
  for (const link of document.querySelectorAll("[data-board] thead a")) {
    const market = new URL(link.href).searchParams.get("market");
    if (market) found.set(`.${market}`, link);
  }
  return found;
}

function mark({ events, actions, label }) {
  const sign = document.createElement("span");
  sign.className = "note-mark";
  sign.title = label;
  sign.textContent = String(events + actions);
  const words = document.createElement("span");
  words.className = "visually-hidden";
  words.textContent = ` ${label}`;
  sign.append(words);
  return sign;
}

async function draw() {
  const answer = await fetch(wrap.dataset.boardMarks, { headers: { Accept: "application/json" } });
  if (!answer.ok) return; // the board is whole without them
  const { cells } = await answer.json();
  const found = places();
  for (const [cell, counts] of Object.entries(cells)) found.get(cell)?.append(mark(counts));
}

if (wrap) draw();
