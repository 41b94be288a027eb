"use strict";

// What every report page needs: the data, words for numbers, tables, charts.
// A page defines CHARTS, and series: what the charts' time goes by.

const report = JSON.parse(document.getElementById("report").textContent);
const PALETTE = ["#4c78d8", "#e9a820", "#e8694f", "#5bb8a4", "#8f63d6", "#4aa35a", "#e57fae", "#86aee8", "#a0714f", "#9298a3"];
const REST = "all others";
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400, 604800, Infinity];

const count = (n) => n.toLocaleString("en");
const clock = (s) => {
  const two = (n) => String(Math.floor(n)).padStart(2, "0");
  return s < 3600 ? two(s / 60) + ":" + two(s % 60) : Math.floor(s / 3600) + ":" + two((s / 60) % 60) + ":" + two(s % 60);
};
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

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
}

function dataset(line, index, chart) {
  const color = line.label === REST ? "#9298a3" : PALETTE[index % PALETTE.length];
  const points = line.points || line.data.map((y, i) => ({ x: series[i].second, y }));
  const common = { label: line.label, data: points, borderColor: color };
  if (chart.bars && chart.stacked) return { ...common, type: "bar", backgroundColor: color, borderWidth: 0, barThickness: "flex" };
  if (chart.bars) return { ...common, backgroundColor: color, showLine: false, pointRadius: 2.5, pointHoverRadius: 4 };
  return { ...common, backgroundColor: color + (chart.area ? "d0" : "22"), fill: chart.area ? (index === 0 ? "origin" : "-1") : false, borderWidth: chart.area ? 1 : 2,
    pointRadius: series.length === 1 ? 3 : 0, pointHitRadius: 8, stack: chart.stacked ? "pods" : undefined };
}

function draw(chart, canvas, style) {
  const datasets = chart.lines().map((line, i) => dataset(line, i, chart));
  if (chart.extra) {
    datasets.push({ label: chart.extra.label, data: chart.extra.data.map((y, i) => ({ x: series[i].second, y })), stack: "planned",
      borderColor: style("--soft"), borderDash: [5, 4], borderWidth: 1.5, pointRadius: 0, fill: false, stepped: "before" });
  }
  const last = series.length ? series[series.length - 1].second : 1;
  return new Chart(canvas, {
    type: "line",
    data: { datasets },
    options: {
      animation: false, responsive: true, maintainAspectRatio: false, normalized: true,
      interaction: { mode: "nearest", axis: "x", intersect: false },
      scales: {
        x: { type: "linear", min: 0, max: last, stacked: false, offset: false, grid: { display: false }, border: { color: style("--edge") },
          ticks: { color: style("--soft"), stepSize: STEPS.find((step) => last / step <= (chart.wide ? 12 : 6)), maxRotation: 0, callback: clock } },
        y: { type: chart.log ? "logarithmic" : "linear", stacked: !!chart.stacked, beginAtZero: !chart.log && chart.min === undefined, min: chart.min,
          grace: chart.min === 1 ? 0.1 : 0, grid: { color: (at) => (chart.log && Math.log10(at.tick.value) % 1 !== 0 ? "transparent" : style("--grid")) }, border: { display: false },
          ticks: { color: style("--soft"), maxTicksLimit: chart.log ? 40 : 6, autoSkip: !chart.log, callback: (v) => (chart.log && Math.log10(v) % 1 !== 0 ? null : v.toLocaleString("en", { maximumFractionDigits: 3 })) } },
      },
      plugins: {
        legend: { display: datasets.length > 1 || !!chart.stacked, position: "bottom", align: "start",
          labels: { color: style("--soft"), boxWidth: 10, boxHeight: 10, padding: 12, usePointStyle: true, pointStyle: "rectRounded" } },
        tooltip: { mode: "x", intersect: false, itemSort: chart.stacked ? (a, b) => b.parsed.y - a.parsed.y : undefined,
          filter: (item) => item.parsed.y !== null && (!chart.stacked || item.parsed.y > 0),
          callbacks: { title: (items) => (items.length ? clock(items[0].parsed.x) : "") } },
      },
    },
  });
}

const shown = [];

function drawAll() {
  shown.splice(0).forEach((chart) => chart.destroy());
  const root = getComputedStyle(document.documentElement);
  const style = (name) => root.getPropertyValue(name).trim();
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  document.querySelectorAll("canvas").forEach((canvas) => shown.push(draw(CHARTS[canvas.dataset.chart], canvas, style)));
}

function writeCharts() {
  const drawn = CHARTS.filter((chart) => (!chart.timing || report.timings[chart.timing].count) && chart.lines().length > 0);
  const halves = drawn.filter((chart) => !chart.wide);
  if (halves.length % 2 === 1) halves[halves.length - 1].wide = true;
  drawn.forEach((chart) => {
    const box = element("article", "", chart.wide ? "wide" : "");
    const frame = document.createElement("div");
    const canvas = document.createElement("canvas");
    canvas.dataset.chart = CHARTS.indexOf(chart);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", chart.title);
    frame.append(canvas);
    box.append(element("h2", chart.title), element("p", chart.note), frame);
    document.getElementById("charts").append(box);
  });
}

function showCharts() {
  writeCharts();
  drawAll();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
}
