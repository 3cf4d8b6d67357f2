// Native popovers stand beside the button that opened them.
const GAP = 6;

function place(pop) {
  const button = document.querySelector(`[popovertarget="${CSS.escape(pop.id)}"]`);
  if (!button) return;
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = pop;
  const left = Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8));
  const below = at.bottom + GAP;
  const top = below + height <= innerHeight - 8 ? below : Math.max(8, at.top - height - GAP);
  pop.style.left = `${left}px`;
  pop.style.top = `${top}px`;
}

document.addEventListener("toggle", (event) => {
  const pop = event.target;
  if (pop instanceof HTMLElement && pop.matches("[data-popover]") && event.newState === "open") place(pop);
}, true);

for (const kind of ["scroll", "resize"]) {
  addEventListener(kind, (event) => {
    for (const pop of document.querySelectorAll("[data-popover]:popover-open")) {
      if (!pop.contains(event.target)) place(pop);
    }
  }, { capture: true, passive: true });
}
