// "/" and ⌘K (Ctrl-K) go to the page's search; data-copy copies.
function typing(element) {
  return element.matches?.("input, textarea, select, [contenteditable=true]");
}

document.addEventListener("keydown", (event) => {
  const slash = event.key === "/" && !typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey;
  const command = event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey);
  if (!slash && !command) return;
  const search = document.querySelector("[data-search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select?.();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.classList.add("copied");
  setTimeout(() => button.classList.remove("copied"), 1500);
});
