// Typing hides what lacks the typed words; Enter takes the first that is left.
function visible(list) {
  return [...list.querySelectorAll(":scope > *:not([data-filter-none])")];
}

document.addEventListener("input", (event) => {
  const list = event.target.dataset?.filter && document.querySelector(event.target.dataset.filter);
  if (!list) return;
  const words = event.target.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  let left = 0;
  for (const entry of visible(list)) {
    const text = entry.textContent.toLocaleLowerCase();
    entry.hidden = !words.every((word) => text.includes(word));
    left += entry.hidden ? 0 : 1;
  }
  const none = list.querySelector("[data-filter-none]");
  if (none) none.hidden = left > 0;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.dataset?.filter) return;
  event.preventDefault();
  const list = document.querySelector(event.target.dataset.filter);
  visible(list).find((entry) => !entry.hidden)?.click();
});
