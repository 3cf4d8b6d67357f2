// A grid of inputs that saves what is typed or pasted, tells what happened and lets it be undone.
const NEIGHBOURS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0] };

function rowsOf(grid) {
  return [...grid.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("input[data-place]")]);
}

function placeOf(rows, input) {
  const row = rows.findIndex((line) => line.includes(input));
  return [row, rows[row].indexOf(input)];
}

function say(grid, sentence, batch) {
  const state = grid.querySelector("[data-grid-state]");
  state.replaceChildren(document.createTextNode(sentence));
  if (!batch || !grid.dataset.undo) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small";
  button.textContent = grid.dataset.undoLabel;
  button.addEventListener("click", () => undo(grid, batch));
  state.append(button);
}

function token(grid) {
  return grid.querySelector("[name=csrfmiddlewaretoken]").value;
}

async function send(grid, inputs, how, reason = "") {
  const changed = inputs.filter((input) => input.value !== input.defaultValue);
  if (!changed.length) return;
  const cells = changed.map((input) => ({ place: input.dataset.place, text: input.value, was: input.dataset.was }));
  mark(changed, "saving");
  try {
    const answer = await fetch(grid.dataset.save, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token(grid) },
      body: JSON.stringify({ how, cells, reason }),
    });
    const told = await answer.json();
    if (!answer.ok) {
      refuse(grid, changed, told);
      if (told.code === "locked_months") ask(grid, changed, how);
      return;
    }
    accept(changed, told.cells);
    say(grid, told.sentence, told.changed ? told.batch : "");
  } catch {
    refuse(grid, changed, { sentence: grid.dataset.failed, fix: "" });
  }
}

function mark(inputs, name) {
  for (const input of inputs) {
    input.parentNode.classList.remove("saving", "saved", "refused");
    if (name) input.parentNode.classList.add(name);
  }
}

function accept(inputs, cells) {
  inputs.forEach((input, index) => {
    input.value = input.defaultValue = cells[index].text;
    input.dataset.was = cells[index].was;
    if (cells[index].text) input.parentNode.classList.remove("needed");
  });
  mark(inputs, "saved");
  setTimeout(() => mark(inputs, ""), 2000);
}

function refuse(grid, inputs, told) {
  mark(inputs, "refused");
  say(grid, `${told.sentence} ${told.fix ?? ""}`.trim());
}

// Approved months are changed only with a reason.
function ask(grid, inputs, how) {
  const state = grid.querySelector("[data-grid-state]");
  const reason = document.createElement("input");
  reason.maxLength = 300;
  reason.setAttribute("aria-label", grid.dataset.reasonLabel);
  reason.placeholder = grid.dataset.reasonLabel;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small";
  button.textContent = grid.dataset.reasonSave;
  button.addEventListener("click", () => {
    if (reason.value.trim()) send(grid, inputs, how, reason.value);
    else reason.focus();
  });
  state.append(reason, button);
}

async function undo(grid, batch) {
  const body = new FormData();
  body.set("batch", batch);
  const answer = await fetch(grid.dataset.undo, { method: "POST", headers: { "X-CSRFToken": token(grid) }, body });
  const told = await answer.json();
  if (answer.ok) location.reload();
  else say(grid, `${told.sentence} ${told.fix ?? ""}`.trim());
}

function paste(grid, input, text) {
  const rows = rowsOf(grid);
  const [row, column] = placeOf(rows, input);
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
  const filled = [];
  lines.forEach((line, down) =>
    line.forEach((cell, right) => {
      const target = rows[row + down]?.[column + right];
      if (!target) return;
      target.value = cell.trim();
      filled.push(target);
    }),
  );
  send(grid, filled, "pasted");
}

for (const grid of document.querySelectorAll("[data-grid]")) {
  grid.addEventListener("change", (event) => {
    if (event.target.matches("input[data-place]")) send(grid, [event.target], "typed");
  });
  grid.addEventListener("submit", (event) => event.preventDefault());
  grid.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (!event.target.matches("input[data-place]") || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    paste(grid, event.target, text);
  });
  grid.addEventListener("keydown", (event) => {
    const step = NEIGHBOURS[event.key];
    if (!event.target.matches("input[data-place]") || !step) return;
    const rows = rowsOf(grid);
    const [row, column] = placeOf(rows, event.target);
    const next = rows[row + (event.shiftKey && event.key === "Enter" ? -1 : step[0])]?.[column + step[1]];
    event.preventDefault();
    if (next) { next.focus(); next.select(); } else event.target.blur();
  });
}
