// Notices go by themselves after a while, errors stay until they are closed; the server may send one with HX-Trigger.
const SECONDS = 7;
const shelf = document.querySelector("[data-toasts]");
const failed = document.getElementById("toast-failed");

function settle(toast) {
  if (toast.matches(".error, .still")) return;
  let timer = setTimeout(() => toast.remove(), SECONDS * 1000);
  toast.addEventListener("mouseenter", () => clearTimeout(timer));
  toast.addEventListener("mouseleave", () => { timer = setTimeout(() => toast.remove(), SECONDS * 1000); });
}

function show(text, level) {
  const toast = failed.content.querySelector("[data-toast]").cloneNode(true);
  if (text) {
    toast.className = `toast ${level}`;
    toast.querySelector("[data-toast-text]").textContent = text;
  }
  shelf.append(toast);
  settle(toast);
}

for (const toast of shelf?.querySelectorAll("[data-toast]") ?? []) settle(toast);

document.addEventListener("click", (event) => {
  event.target.closest("[data-toast-close]")?.closest("[data-toast]").remove();
});
document.addEventListener("toast", (event) => show(event.detail.text, event.detail.level ?? "info"));
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => show("", "error"));
}
