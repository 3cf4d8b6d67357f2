// Menus made of <details>: one open at a time, arrow keys inside, Escape and a click outside close; questions in place.
const OPEN = "details[data-menu][open]";
const ITEMS = ".menu-item, .menu-body a, .menu-body button, .menu-body input, .menu-body select";

function items(menu) {
  return [...menu.querySelectorAll(ITEMS)].filter((item) => !item.disabled && item.offsetParent !== null);
}

function close(menu, focus) {
  menu.removeAttribute("open");
  if (focus) menu.querySelector("summary").focus();
}

function keepInView(menu) {
  const body = menu.querySelector(".menu-body");
  body.style.translate = "";
  const box = body.getBoundingClientRect();
  const over = box.right - (document.documentElement.clientWidth - 8);
  const under = 8 - box.left;
  if (over > 0) body.style.translate = `${-over}px 0`;
  else if (under > 0) body.style.translate = `${under}px 0`;
}

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!(menu instanceof HTMLElement) || !menu.matches(OPEN)) return;
  for (const other of document.querySelectorAll(OPEN)) {
    if (other !== menu && !other.contains(menu)) close(other, false);
  }
  keepInView(menu);
  menu.querySelector("input[type=search]")?.focus();
}, true);

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(OPEN)) {
    const inside = menu.contains(event.target);
    const chosen = event.target.closest("button.menu-item, a.menu-item");
    if (!inside || (chosen && menu.contains(chosen))) close(menu, false);
  }
  const cancel = event.target.closest("[data-confirm-cancel]");
  if (cancel) close(cancel.closest("details"), true);
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu], details[data-confirm]");
  if (!menu?.open) return;
  if (event.key === "Escape") {
    event.stopPropagation();
    close(menu, true);
    return;
  }
  if (!menu.matches("[data-menu]") || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  if (event.target.matches("input[type=radio], select")) return;
  const all = items(menu);
  const at = all.indexOf(document.activeElement);
  const next = event.key === "ArrowDown" ? at + 1 : at - 1;
  all[(next + all.length) % all.length]?.focus();
  event.preventDefault();
});
