// A changed scope is sent at once; ticking markets waits until their list is closed.
let changed = false;

function send(form) {
  for (const field of form.querySelectorAll("input[type=search]")) field.removeAttribute("name");
  form.requestSubmit();
}

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-scope], form[data-autosubmit]");
  if (!form || event.target.type === "search") return;
  if (event.target.type === "checkbox" && event.target.closest("[data-scope-part]")) changed = true;
  else send(form);
});

document.addEventListener("toggle", (event) => {
  const part = event.target;
  if (!(part instanceof HTMLElement) || !part.matches("[data-scope-part]:not([open])") || !changed) return;
  changed = false;
  send(part.closest("form"));
}, true);
