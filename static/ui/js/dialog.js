// Dialogs by data-dialog-open, the drawer by data-drawer: a link whose page opens at the side.
const drawer = document.querySelector("[data-drawer-panel]");
const body = document.getElementById("drawer-body");
let opener = null;

function openDrawer(link) {
  opener = link;
  const waiting = drawer.querySelector("[data-drawer-waiting]");
  body.replaceChildren(waiting.content.cloneNode(true));
  if (!drawer.open) drawer.showModal();
  for (const cell of document.querySelectorAll(".board td.selected")) cell.classList.remove("selected");
  link.closest(".board td")?.classList.add("selected");
  window.htmx.ajax("GET", link.href, { target: body, swap: "innerHTML" }).then(() => body.focus());
}

document.addEventListener("click", (event) => {
  const open = event.target.closest("[data-dialog-open]");
  if (open) document.getElementById(open.dataset.dialogOpen)?.showModal();
  if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog").close();
  if (event.target instanceof HTMLDialogElement) event.target.close(); // the veil is the dialog itself
  const link = event.target.closest("a[data-drawer]");
  if (!link || !window.htmx || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  openDrawer(link);
});

drawer?.addEventListener("close", () => {
  body.replaceChildren();
  opener?.focus();
});
