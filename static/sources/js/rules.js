// Rows of rules by campaign: one more, one less; the preview is told of it.
const list = document.querySelector("[data-rules]");

function changed() {
  list.closest("form").dispatchEvent(new Event("rules-changed"));
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-rule-add]")) {
    const blank = list.querySelector("template[data-rule]");
    blank.before(blank.content.cloneNode(true));
    list.querySelector(".rule-row:last-of-type input").focus();
  }
  const gone = event.target.closest("[data-rule-remove]")?.closest(".rule-row");
  if (!gone) return;
  gone.remove();
  changed();
});
