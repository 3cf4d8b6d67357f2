// The formula editor: checks while typing, marks the place of an error, inserts measures, shows last month's values.
const CHECK_AFTER_MS = 300;
const PREVIEW_AFTER_MS = 500;

function bind(form) {
  const area = form.querySelector("[data-formula]");
  const marks = form.querySelector("[data-formula-marks]");
  const says = form.querySelector("[data-formula-says]");
  const preview = form.querySelector("[data-formula-preview]");
  let waiting = 0;
  let asked = 0;

  function body() {
    const sent = new FormData(form);
    if (form.dataset.key) sent.set("key", form.dataset.key);
    return sent;
  }

  function mark(start, end) {
    marks.replaceChildren();
    if (start === undefined) return;
    const text = `${area.value} `;
    const found = document.createElement("mark");
    found.textContent = text.slice(start, Math.max(end, start + 1));
    marks.append(text.slice(0, start), found, text.slice(Math.max(end, start + 1)));
    marks.scrollTop = area.scrollTop;
  }

  function refuse(told) {
    const { start, end, suggestion } = told.details ?? {};
    mark(start, end);
    area.setAttribute("aria-invalid", "true");
    says.className = "formula-says bad";
    says.replaceChildren(`${told.sentence} ${told.fix ?? ""}`.trim());
    if (!suggestion) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "chip";
    button.textContent = suggestion;
    button.addEventListener("click", () => {
      area.setRangeText(suggestion, start, end, "end");
      area.focus();
      check();
    });
    says.append(" ", button);
  }

  function accept(told) {
    mark();
    area.removeAttribute("aria-invalid");
    says.className = "formula-says good";
    says.replaceChildren([told.formula, told.rollup_rule, ...told.hints].join(" · "));
    const unit = form.elements.unit;
    if (!unit) return;
    const fitting = told.units.map((one) => one.value);
    for (const option of unit.options) option.disabled = !fitting.includes(option.value);
    if (!fitting.includes(unit.value)) unit.value = fitting[0];
  }

  async function check() {
    const mine = ++asked;
    if (!area.value.trim()) {
      mark();
      says.replaceChildren();
      return;
    }
    const answer = await fetch(form.dataset.check, { method: "POST", body: body() }).catch(() => null);
    if (!answer || mine !== asked) return;
    const told = await answer.json();
    if (!answer.ok) return refuse(told);
    accept(told);
    if (preview) waiting = setTimeout(() => show(mine), PREVIEW_AFTER_MS);
  }

  async function show(mine) {
    preview.setAttribute("aria-busy", "true");
    const answer = await fetch(form.dataset.preview, { method: "POST", body: body() }).catch(() => null);
    preview.removeAttribute("aria-busy");
    if (!answer?.ok || mine !== asked) return;
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    preview.replaceChildren(...parsed.body.childNodes);
  }

  area.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(check, CHECK_AFTER_MS);
  });
  area.addEventListener("scroll", () => { marks.scrollTop = area.scrollTop; });
  form.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-insert]");
    if (!chip) return;
    const before = area.value.slice(0, area.selectionStart);
    const gap = before && !/[\s({[]$/.test(before) ? " " : "";
    area.setRangeText(gap + chip.dataset.insert, area.selectionStart, area.selectionEnd, "end");
    area.focus();
    check();
  });
  form.querySelector("[data-chip-filter]")?.addEventListener("input", (event) => {
    const word = event.target.value.trim().toLowerCase();
    for (const chip of form.querySelectorAll("[data-insert]")) {
      chip.hidden = Boolean(word) && !`${chip.textContent} ${chip.dataset.insert}`.toLowerCase().includes(word);
    }
  });
  if (area.value.trim()) check();
}

for (const form of document.querySelectorAll("[data-formula-form]")) bind(form);
