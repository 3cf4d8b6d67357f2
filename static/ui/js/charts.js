// Charts: drawn by plotly when they come into view, in the colours of the theme; table, picture, links of points.
const root = document.documentElement;
const PICTURE = { width: 1200, height: 640 };
const SHARPNESS = 2;
let library = null;

// plotly's map code adds a style sheet of its own unless an element with this id stands there; we draw no maps, and
// the content security policy would refuse the sheet.
const MAP_STYLE = "9f215cf04c5486422605d13261cb87401f4e7763b6296af81e98efbc0130da53";

function plotly() {
  library ??= new Promise((resolve, reject) => {
    const taken = document.createElement("meta");
    taken.id = MAP_STYLE;
    document.head.append(taken);
    const script = document.createElement("script");
    script.src = root.dataset.plotly;
    script.addEventListener("load", () => resolve(window.Plotly));
    script.addEventListener("error", reject);
    document.head.append(script);
  });
  return library;
}

function colours() {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const found = new Map();
  return {
    of(name) {
      if (!found.has(name)) {
        probe.style.color = `var(--${name})`;
        found.set(name, getComputedStyle(probe).color);
      }
      return found.get(name);
    },
    done: () => probe.remove(),
  };
}

function paintTrace(trace, paint) {
  const { colour, pattern, outline } = trace.meta ?? {};
  if (pattern) {
    const shade = paint.of(pattern === "missing" ? "ink-3" : "stripe");
    trace.marker = { ...trace.marker, color: "rgba(0,0,0,0)", pattern: { ...trace.marker.pattern, fgcolor: shade, bgcolor: "rgba(0,0,0,0)" } };
    return trace;
  }
  const own = paint.of(colour ?? "cat-1");
  if (trace.type === "scatter") trace.line = { ...trace.line, color: own };
  trace.marker = { ...trace.marker, color: own };
  if (trace.marker.pattern) trace.marker.pattern = { ...trace.marker.pattern, fgcolor: paint.of("surface"), bgcolor: own };
  if (outline) trace.marker.line = { ...trace.marker.line, color: own };
  if (trace.text) trace.textfont = { color: paint.of("ink-2"), size: 11 };
  return trace;
}

function paintLayout(layout, paint, narrow) {
  const [ink, line, zero, raised] = ["ink-2", "chart-line", "chart-zero", "raised"].map(paint.of);
  layout.paper_bgcolor = layout.plot_bgcolor = "rgba(0,0,0,0)";
  layout.font = { ...layout.font, color: ink };
  layout.hoverlabel = { bgcolor: raised, bordercolor: paint.of("line-strong"), font: { color: paint.of("ink"), family: layout.font.family, size: 12 }, align: "left" };
  for (const name of ["xaxis", "yaxis"]) {
    layout[name] = { ...layout[name], gridcolor: line, linecolor: line, zerolinecolor: zero, tickfont: { color: ink } };
  }
  if (layout.xaxis.type === "date") layout.xaxis = { ...layout.xaxis, tickangle: 0, ...(narrow && layout.xaxis.nticks ? { nticks: 4 } : {}) };
  layout.shapes = (layout.shapes ?? []).map((shape) => ({ ...shape, line: { ...shape.line, color: paint.of(shape.name) } }));
  const named = layout.annotations ?? [];
  if (narrow && named.length) {
    layout.annotations = [];
    layout.showlegend = true;
    return;
  }
  layout.annotations = named.map((label) => ({ ...label, font: { color: paint.of(label.name), size: 12 } }));
  if (named.length) {
    const longest = Math.max(...named.map((label) => width(label.text)));
    layout.margin = { ...layout.margin, r: Math.min(longest + 20, 180) };
  }
}

function width(text) {
  return [...text].reduce((sum, sign) => sum + (sign.charCodeAt(0) > 0x2e7f ? 12 : 7), 0);
}

function painted(chart) {
  const figure = JSON.parse(document.getElementById(chart.dataset.chart).textContent);
  const paint = colours();
  figure.data.forEach((trace) => paintTrace(trace, paint));
  paintLayout(figure.layout, paint, chart.clientWidth < 520);
  paint.done();
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) figure.layout.transition = { duration: 0 };
  return figure;
}

async function draw(chart) {
  try {
    const Plotly = await plotly();
    if (!chart.isConnected) return; // its drawer was closed meanwhile
    const figure = painted(chart);
    await Plotly.react(chart, figure.data, figure.layout, figure.config);
    if (!chart.classList.contains("drawn")) follow(chart);
    chart.classList.add("drawn");
  } catch (problem) {
    if (!chart.isConnected) return;
    console.error(problem);
    const words = chart.closest("[data-chart-card]").querySelector("[data-chart-failed]");
    if (words) chart.replaceChildren(words.content.cloneNode(true));
    showTable(chart.closest("[data-chart-card]"), true);
  }
}

function linkOf(event) {
  return event.points?.map((point) => point.customdata?.[1]).find(Boolean);
}

function follow(chart) {
  chart.on("plotly_click", (event) => {
    const link = linkOf(event);
    if (link) location.assign(link);
  });
  chart.on("plotly_hover", (event) => chart.classList.toggle("has-link", Boolean(linkOf(event))));
}

function showTable(card, on) {
  card.querySelector("[data-chart-data]").hidden = !on;
  card.querySelector("[data-chart]").hidden = on;
  card.querySelector("[data-chart-table]")?.setAttribute("aria-pressed", String(on));
  if (!on) draw(card.querySelector("[data-chart]"));
}

// plotly's own PNG goes through a blob: image, which the content security policy refuses; a data: image is allowed.
async function rasterised(svg) {
  const image = new Image();
  image.src = svg;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = PICTURE.width * SHARPNESS;
  canvas.height = PICTURE.height * SHARPNESS;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

async function picture(chart) {
  const Plotly = await plotly();
  const { data, layout } = painted(chart);
  const { title, scope } = chart.dataset;
  const paint = colours();
  layout.paper_bgcolor = layout.plot_bgcolor = paint.of("surface");
  layout.title = { text: title, subtitle: { text: scope, font: { size: 13, color: paint.of("ink-2") } }, x: 0, xref: "container", xanchor: "left", pad: { l: 24, t: 28 }, yref: "container", y: 1, yanchor: "top", font: { size: 20, weight: 700, color: paint.of("ink") } };
  paint.done();
  layout.margin = { ...layout.margin, t: 104, l: 24, b: 28 };
  const svg = await Plotly.toImage({ data, layout, config: { locale: root.lang } }, { format: "svg", ...PICTURE });
  save(await rasterised(svg), `${title}.png`);
}

const seen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    draw(target);
  }
}, { rootMargin: "200px" });

function watch(inside) {
  for (const chart of inside.querySelectorAll?.("[data-chart]") ?? []) seen.observe(chart);
}

watch(document);
document.addEventListener("htmx:load", (event) => watch(event.target));
document.addEventListener("theme:changed", () => document.querySelectorAll(".chart.drawn").forEach(draw));
document.addEventListener("click", (event) => {
  const card = event.target.closest("[data-chart-card]");
  const button = event.target.closest("[data-chart-table]");
  if (card && button) showTable(card, button.getAttribute("aria-pressed") !== "true");
  if (card && event.target.closest("[data-chart-png]")) picture(card.querySelector("[data-chart]"));
});
addEventListener("beforeprint", () => document.querySelectorAll("[data-chart]:not(.drawn)").forEach(draw));
