/* A market's country proposes its code, names, currency, time zone and language; rows can be added. */
const box = document.querySelector("[data-markets]");

async function propose(select) {
  const row = select.closest("[data-market-row]");
  const answer = await fetch(`${box.dataset.facts}?country=${encodeURIComponent(select.value)}`);
  if (!answer.ok) return;
  const facts = await answer.json();
  for (const [name, value] of Object.entries(facts)) {
    const input = row.querySelector(`[name$="${name}"]`);
    if (input && value && !input.disabled && (!input.value || input.dataset.proposed === input.value)) {
      input.value = value;
      input.dataset.proposed = value;
    }
  }
}

function addRow() {
  const rows = box.querySelector("[data-market-rows]");
  const total = box.querySelector('[name$="TOTAL_FORMS"]');
  const holder = document.createElement("template");
  holder.innerHTML = box.querySelector("[data-market-template]").innerHTML.replaceAll("__prefix__", total.value);
  rows.append(holder.content);
  total.value = Number(total.value) + 1;
  rows.lastElementChild.querySelector("select").focus();
}

if (box) {
  box.addEventListener("change", (event) => {
    if (event.target.matches('[name$="country"]')) propose(event.target);
  });
  for (const input of box.querySelectorAll("input, select")) input.dataset.proposed = input.value;
  box.querySelector("[data-market-add]")?.addEventListener("click", addRow);
}
