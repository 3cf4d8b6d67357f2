// Theme, rail and density change at once and are remembered by the server's cookies; without this the forms post.
const root = document.documentElement;
root.classList.add("scripted");

function remember(form, name, value) {
  const body = new FormData(form);
  body.set(name, value);
  fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "preference" } });
}

function showTheme(form, value) {
  root.dataset.theme = value;
  for (const button of form.querySelectorAll("button[name=theme]")) {
    button.setAttribute("aria-pressed", String(button.value === value));
  }
  form.closest("details")?.removeAttribute("open");
  document.dispatchEvent(new CustomEvent("theme:changed"));
}

function foldRail(button) {
  const narrow = button.value === "narrow";
  if (narrow) root.dataset.rail = "narrow";
  else delete root.dataset.rail;
  button.value = narrow ? "wide" : "narrow";
  window.dispatchEvent(new Event("resize"));
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-preference]");
  const button = event.submitter;
  if (!form || !button) return;
  event.preventDefault();
  remember(form, button.name, button.value);
  if (button.name === "theme") showTheme(form, button.value);
  if (button.name === "rail") foldRail(button);
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-density-toggle]")) return;
  const density = root.dataset.density === "compact" ? "cosy" : "compact";
  root.dataset.density = density;
  const form = document.querySelector("form[data-preference]");
  if (form) remember(form, "density", density);
});

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  if (root.dataset.theme === "auto") document.dispatchEvent(new CustomEvent("theme:changed"));
});
