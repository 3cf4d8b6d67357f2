// Files: name and size at once, a bar while the form sends, then the page that the server answers with.
const units = ["byte", "kilobyte", "megabyte", "gigabyte"];

function size(bytes) {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const options = { style: "unit", unit: units[power], unitDisplay: "short", maximumFractionDigits: power ? 1 : 0 };
  return new Intl.NumberFormat(document.documentElement.lang, options).format(bytes / 1000 ** power);
}

function say(zone, name) {
  const sentence = name ? zone.querySelector(`[data-dropzone-${name}]`).content.textContent : "";
  zone.querySelector("[data-dropzone-error]").textContent = sentence;
}

function list(zone, input) {
  const line = zone.querySelector("[data-dropzone-file]").content;
  const limit = Number(zone.dataset.maxMb) * 1e6;
  const lines = [...input.files].map((file) => {
    const entry = line.cloneNode(true);
    entry.querySelector("[data-name]").textContent = file.name;
    entry.querySelector("[data-size]").textContent = size(file.size);
    return entry;
  });
  zone.querySelector("[data-dropzone-files]").replaceChildren(...lines);
  const tooBig = limit > 0 && [...input.files].some((file) => file.size > limit);
  say(zone, tooBig ? "too-big" : "");
  if (tooBig) input.value = "";
}

function showAnswer(text) {
  // The same page again, with what was wrong in it.
  const answer = new DOMParser().parseFromString(text, "text/html").getElementById("main");
  document.getElementById("main").replaceWith(document.adoptNode(answer));
  window.htmx?.process(answer);
  answer.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
  answer.querySelector("[role=alert]")?.scrollIntoView({ block: "center" });
}

function send(form, zone, submitter) {
  const request = new XMLHttpRequest();
  const sending = zone.querySelector("[data-dropzone-sending]");
  const body = new FormData(form, submitter);
  const stop = () => {
    sending.hidden = true;
    say(zone, "failed");
    for (const button of form.querySelectorAll("button")) button.disabled = false;
  };
  say(zone, "");
  sending.hidden = false;
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  request.upload.addEventListener("progress", (event) => {
    const percent = event.lengthComputable ? Math.floor((event.loaded / event.total) * 100) : 0;
    sending.querySelector("progress").value = percent;
    sending.querySelector("[data-dropzone-percent]").textContent = `${percent} %`;
  });
  request.addEventListener("error", stop);
  request.addEventListener("load", () => {
    if (request.status >= 500) return stop();
    if (request.responseURL !== location.href && request.status < 400) return location.assign(request.responseURL);
    return showAnswer(request.responseText);
  });
  request.open("POST", form.action);
  request.send(body);
}

document.addEventListener("change", (event) => {
  const zone = event.target.closest?.("[data-dropzone]");
  if (zone) list(zone, event.target);
});

for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const zone = event.target.closest?.("[data-dropzone]");
    if (zone) zone.classList.toggle("over", kind === "dragenter" || kind === "dragover");
  });
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-upload]");
  const zone = form?.querySelector("[data-dropzone]");
  if (!zone || !zone.querySelector("input[type=file]").files.length) return;
  event.preventDefault();
  send(form, zone, event.submitter);
});
