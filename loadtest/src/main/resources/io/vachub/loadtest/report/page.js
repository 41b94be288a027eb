"use strict";

// What every report page needs: the data, words for numbers, tables, charts, and following a report that is still being
// written. A page defines samples(), what the charts' time goes by, CHARTS, and writeHeader(), writeTiles() and
// writeTables().

let report = JSON.parse(document.getElementById("report").textContent);
let series = [];
const PALETTE = ["#4c78d8", "#e9a820", "#e8694f", "#5bb8a4", "#8f63d6", "#4aa35a", "#e57fae", "#86aee8", "#a0714f", "#9298a3"];
const REST = "all others";
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400, 604800, Infinity];
const MOST_PODS = 24;
const MOST_TILES = 6;
const MOST_POINTS = 900;
const MOST_SAMPLES = 7200;

const count = (n) => n.toLocaleString("en");
const millis = (n) => (n === undefined ? "–" : n.toLocaleString("en", { maximumFractionDigits: n < 1 ? 2 : n < 100 ? 1 : 0 }));
const clock = (s) => {
  const two = (n) => String(Math.floor(n)).padStart(2, "0");
  return s < 3600 ? two(s / 60) + ":" + two(s % 60) : Math.floor(s / 3600) + ":" + two((s / 60) % 60) + ":" + two(s % 60);
};
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
const words = (key) => key.replace(/handoff_(?!gap)/, "handoff: ").replace("refused_", "refused: ").replace("failure_", "failed: ").replace("cut_", "cut by ")
  .replace("left_", "").replaceAll("_", " ").replace("goaway", "cut after GOAWAY").replace("reset", "cut without warning")
  .replace(/^connect$/, "failed to connect");
const isBad = (key) => /^(goaway|reset|cut_|failure_)/.test(key);

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function row(table, cells, kind = "td", className = "") {
  const tr = document.createElement("tr");
  cells.forEach((cell, i) => tr.append(element(i === 0 && kind === "td" ? "th" : kind, cell, i > 0 ? className : "")));
  document.getElementById(table).append(tr);
  return tr;
}

/** Tiles in rows of one length, as far as there is room. */
function balanceTiles() {
  const tiles = document.getElementById("tiles");
  const n = tiles.children.length;
  tiles.style.setProperty("--columns", Math.ceil(n / Math.ceil(n / MOST_TILES)));
}

function tile(name, value, className = "", beside = "") {
  const box = document.createElement("div");
  box.append(element("span", name), element("strong", value, className));
  if (beside) box.append(element("small", beside));
  document.getElementById("tiles").append(box);
}

function heading(title, facts) {
  document.title = title;
  document.getElementById("title").textContent = title;
  document.getElementById("subtitle").textContent = facts.join(" · ");
}

const minute = (time) => new Date(time).toISOString().replace("T", " ").slice(0, 16) + " UTC";

function verdict(text, className = "") {
  const box = document.getElementById("verdict");
  box.hidden = false;
  box.textContent = text;
  box.className = className;
}

/** Two neighbouring samples as one: counts add up, of two times the worse stays, the state is the later one's. */
function merged(a, b) {
  const both = (left, right, how) => {
    const all = { ...left };
    Object.entries(right).forEach(([key, value]) => (all[key] = key in all ? how(all[key], value) : value));
    return all;
  };
  const worse = (left, right) => both(left, right, (x, y) => (Array.isArray(x) ? x.map((n, i) => n + y[i]) : Math.max(x, y)));
  return { ...b, messages_per_second: (a.messages_per_second + b.messages_per_second) / 2, late: a.late + b.late,
    ended: both(a.ended, b.ended, (x, y) => x + y), timings: both(a.timings, b.timings, worse),
    buckets: both(a.buckets || {}, b.buckets || {}, (x, y) => both(x, y, (m, n) => m + n)) };
}

function thinned(samples, most) {
  let thin = samples;
  while (thin.length > most) {
    const pairs = [];
    for (let i = 0; i < thin.length; i += 2) pairs.push(i + 1 < thin.length ? merged(thin[i], thin[i + 1]) : thin[i]);
    thin = pairs;
  }
  return thin;
}

function podLines() {
  const total = {};
  series.forEach((s) => Object.entries(s.pods).forEach(([pod, n]) => (total[pod] = (total[pod] || 0) + n)));
  const largest = Object.keys(total).sort((a, b) => total[b] - total[a]).slice(0, MOST_PODS);
  largest.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const lines = largest.map((pod) => ({ label: pod, data: series.map((s) => s.pods[pod] || 0) }));
  if (Object.keys(total).length > MOST_PODS) {
    lines.push({ label: REST, data: series.map((s) => s.open - sum(largest.map((pod) => s.pods[pod] || 0))) });
  }
  return lines;
}

function causeBars() {
  const names = [...new Set(series.flatMap((s) => Object.keys(s.ended)))].sort();
  return names.map((name) => ({ label: words(name), data: series.map((s) => s.ended[name] || 0) }));
}

function dataset(line, index, chart) {
  const color = line.label === REST ? "#9298a3" : PALETTE[index % PALETTE.length];
  const points = line.points || line.data.map((y, i) => ({ x: series[i].second, y }));
  if (chart.heat) return { label: line.label, data: points, pointRadius: 0, pointHitRadius: 6, showLine: false, cells: line.cells };
  const common = { label: line.label, apart: line.apart, data: points, borderColor: color, hidden: isHidden(chart, line) };
  if (chart.bars && chart.stacked) return { ...common, type: "bar", backgroundColor: color, borderWidth: 0, barThickness: "flex" };
  if (chart.bars) return { ...common, backgroundColor: color, showLine: false, pointRadius: 2.5, pointHoverRadius: 4 };
  return { ...common, backgroundColor: color + (chart.area ? "d0" : "22"), fill: chart.area ? (index === 0 ? "origin" : "-1") : false, borderWidth: chart.area ? 1 : 2,
    pointRadius: points.length === 1 ? 3 : 0, pointHitRadius: 8, stack: chart.stacked ? "pods" : undefined };
}

function datasets(chart) {
  const all = chart.lines().map((line, i) => dataset(line, i, chart));
  if (chart.extra) {
    const extra = chart.extra();
    all.push({ label: extra.label, data: extra.data.map((y, i) => ({ x: series[i].second, y })), stack: "planned", hidden: isHidden(chart, extra),
      borderColor: style("--soft"), borderDash: [5, 4], borderWidth: 1.5, pointRadius: 0, fill: false, stepped: "before" });
  }
  return all;
}

const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const last = () => (series.length ? series[series.length - 1].second : 1);
const stepOf = (chart) => STEPS.find((step) => last() / step <= (chart.wide && innerWidth > 760 ? 12 : innerWidth > 480 ? 6 : 4));

function draw(chart, canvas) {
  return new Chart(canvas, {
    type: "line",
    plugins: chart.heat ? [HEAT] : [],
    data: { datasets: datasets(chart) },
    options: {
      animation: false, responsive: true, maintainAspectRatio: false, normalized: true,
      interaction: { mode: "nearest", axis: chart.heat ? "xy" : "x", intersect: false },
      scales: {
        x: { type: "linear", min: 0, max: last(), stacked: false, offset: false, grid: { display: false }, border: { color: style("--edge") },
          ticks: { color: style("--soft"), stepSize: stepOf(chart), maxRotation: 0, callback: clock } },
        y: { type: chart.log ? "logarithmic" : "linear", stacked: !!chart.stacked, beginAtZero: !chart.log && chart.min === undefined, min: chart.min,
          grace: chart.min === 1 ? 0.1 : 0, grid: { color: (at) => (chart.log && Math.log10(at.tick.value) % 1 !== 0 ? "transparent" : style("--grid")) }, border: { display: false },
          ticks: { color: style("--soft"), maxTicksLimit: chart.log ? 40 : 6, autoSkip: !chart.log, callback: (v) => (chart.log && Math.log10(v) % 1 !== 0 ? null : v.toLocaleString("en", { maximumFractionDigits: 3 })) } },
      },
      plugins: {
        legend: { display: false },
        tooltip: { mode: chart.heat ? "nearest" : "x", intersect: false, itemSort: chart.stacked ? (a, b) => b.parsed.y - a.parsed.y : undefined,
          filter: (item) => item.parsed.y !== null && (!chart.stacked || item.parsed.y > 0),
          callbacks: { ...(chart.heat ? { label: (item) => heatLabel(item.raw.cell) } : {}), title: (items) => (items.length ? clock(items[0].parsed.x) : "") } },
      },
    },
  });
}

/** Cells of time and latency, the darker the more messages: what percentiles hide, such as two crowds. */
const HEAT = {
  id: "heat",
  beforeDatasetsDraw(drawn) {
    const { ctx, scales, chartArea } = drawn;
    const cells = drawn.data.datasets.flatMap((one) => one.cells || []);
    const most = Math.log1p(Math.max(0, ...cells.map((cell) => cell.count)));
    ctx.save();
    ctx.beginPath();
    ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
    ctx.clip();
    ctx.fillStyle = style("--accent");
    cells.forEach((cell) => {
      const left = scales.x.getPixelForValue(cell.from);
      const top = scales.y.getPixelForValue(cell.high);
      ctx.globalAlpha = 0.12 + 0.88 * (Math.log1p(cell.count) / most);
      ctx.fillRect(left, top, Math.max(1, scales.x.getPixelForValue(cell.to) - left - 0.5), scales.y.getPixelForValue(cell.low) - top - 0.5);
    });
    ctx.restore();
  },
};

/** Bucket n holds what took from 10^(n/4) up to 10^((n+1)/4) microseconds. */
function heatCells(timing) {
  let from = 0;
  const all = [];
  series.forEach((s) => {
    Object.entries((s.buckets || {})[timing] || {}).forEach(([bucket, n]) =>
      all.push({ from, to: s.second, low: 10 ** (bucket / 4 - 3), high: 10 ** ((Number(bucket) + 1) / 4 - 3), count: n }));
    from = s.second;
  });
  return all;
}

function heatLines(timing) {
  const cells = heatCells(timing);
  if (cells.length === 0) return [];
  return [{ label: "messages", cells, points: cells.map((cell) => ({ x: (cell.from + cell.to) / 2, y: Math.sqrt(cell.low * cell.high), cell })) }];
}

const heatLabel = (cell) => `${millis(cell.low)} to ${millis(cell.high)} ms: ${count(cell.count)} messages`;

/** What the reader has switched on or off, by chart and line. */
const switched = new Map();
const isHidden = (chart, line) => switched.get(chart.title + line.label) ?? !!line.apart;
let shown = [];

/** A legend beside the canvas takes the room that it needs, and can be used without a mouse. */
function writeLegend(one) {
  const lines = one.drawn.data.datasets;
  const labels = lines.map((line) => line.label + line.borderColor + isHidden(one.chart, line)).join();
  if (one.legend.dataset.labels === labels) return;
  one.legend.dataset.labels = labels;
  one.legend.hidden = one.chart.heat || lines.length === 1 && !one.chart.stacked;
  one.legend.replaceChildren(...lines.map((line, i) => {
    const button = element("button", line.label);
    button.type = "button";
    button.style.setProperty("--line", line.borderColor);
    button.setAttribute("aria-pressed", String(!isHidden(one.chart, line)));
    button.addEventListener("click", () => {
      const off = !isHidden(one.chart, line);
      switched.set(one.chart.title + line.label, off);
      button.setAttribute("aria-pressed", String(!off));
      one.drawn.setDatasetVisibility(i, !off);
      one.drawn.update();
    });
    return button;
  }));
}

function box(chart) {
  const article = element("article", "", chart.wide ? "wide" : "");
  const frame = element("div", "", "frame");
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", chart.title);
  const legend = element("div", "", "legend");
  frame.append(canvas);
  article.append(element("h2", chart.title), element("p", chart.note), frame, legend);
  document.getElementById("charts").append(article);
  return { chart, article, legend, canvas };
}

function drawCharts(anew) {
  const wanted = CHARTS.filter((chart) => (!chart.timing || report.timings[chart.timing].count) && chart.lines().length > 0);
  const same = wanted.length === shown.length && wanted.every((chart, i) => chart === shown[i].chart);
  if (anew || !same) {
    shown.forEach((one) => one.drawn.destroy());
    document.getElementById("charts").replaceChildren();
    shown = wanted.map(box);
    shown.forEach((one) => (one.drawn = draw(one.chart, one.canvas)));
    const halves = shown.filter((one) => !one.chart.wide);
    if (halves.length % 2 === 1) halves[halves.length - 1].article.className = "wide";
  } else {
    shown.forEach((one) => {
      one.drawn.data.datasets = datasets(one.chart);
      one.drawn.options.scales.x.max = last();
      one.drawn.options.scales.x.ticks.stepSize = stepOf(one.chart);
      one.drawn.update("none");
    });
  }
  shown.forEach(writeLegend);
}

function show(anew) {
  document.querySelectorAll("table, #tiles").forEach((it) => it.replaceChildren());
  series = samples();
  writeHeader();
  writeTiles();
  balanceTiles();
  writeTables();
  drawCharts(anew);
}

/** Takes what comes from the load tester until it ends. */
function follow() {
  const seconds = report.series.length ? report.series[report.series.length - 1].second : -1;
  const source = new EventSource("events?after=" + seconds);
  source.onmessage = (event) => {
    const next = JSON.parse(event.data);
    if (next.started !== report.started) return location.reload();
    const known = report.series.length ? report.series[report.series.length - 1].second : -1;
    next.series = thinned(report.series.concat(next.series.filter((s) => s.second > known)), MOST_SAMPLES);
    report = next;
    if (!report.live) source.close();
    show(false);
  };
  source.onerror = () => verdict("○ not connected", "bad");
}

function start() {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  show(true);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => show(true));
  matchMedia("(max-width: 760px)").addEventListener("change", () => show(true));
  if (report.live) follow();
}
