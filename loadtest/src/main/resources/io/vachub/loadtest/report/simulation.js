const simulations = report.simulations;
const first = simulations[0];
let chosen = first;
const single = simulations.length === 1;
const samples = () => chosen.series;
const MOST_STEPS = 60;
if (!single) document.getElementById("tiles").before(document.getElementById("results-box"));
const percent = (share) => (share * 100).toFixed(share < 0.1 ? 2 : 1) + " %";
const rounded = (n) => n.toLocaleString("en", { maximumFractionDigits: n < 100 ? 1 : 0 });
const after = (seconds) => (seconds === undefined ? "not before the next step" : seconds + "\u00a0s");

function writeHeader() {
  heading("Simulation of a fleet", [
    report.options || "default settings",
    `${count(first.streams)} streams`,
    clock(first.seconds),
    `seed ${first.seed}`,
    ...(single ? [] : ["shown: " + chosen.label]),
  ]);
  const failed = report.assertions.filter((a) => !a.passed).length;
  if (report.assertions.length > 0) {
    verdict(failed === 0 ? "✓ all assertions are true" : `✗ ${failed} of ${report.assertions.length} assertions failed`, failed === 0 ? "good" : "bad");
  }
}

const plain = (n) => n.toFixed(2);
/** What is told of each simulation; of all but the first two less is better. */
const FIGURES = [
  { title: "pods", of: (it) => it.ready_pods, text: rounded, open: true },
  { title: "needed", of: (it) => it.needed_pods, text: rounded, open: true },
  { title: "missing", of: (it) => it.missing_pod_minutes, text: rounded },
  { title: "spare", of: (it) => it.spare_pod_minutes, text: rounded },
  { title: "max / mean", of: (it) => it.average_max_over_mean, text: plain },
  { title: "peak", of: (it) => it.peak, text: count },
  { title: "moved", of: (it) => it.moved_per_minute, text: percent },
  { title: "cut", of: (it) => it.cut, text: count, zero: true },
  { title: "refused", of: (it) => it.refused, text: count },
  { title: "waiting", of: (it) => it.waiting_share, text: percent },
];

/** By how much a simulation differs from the first one; empty where it does not. */
function difference(figure, it) {
  const by = figure.of(it.result) - figure.of(first.result);
  const text = figure.text(Math.abs(by));
  return it === first || text === figure.text(0) ? "" : (by > 0 ? "+" : "−") + text;
}

function isBest(figure, it) {
  if (single || figure.open) return false;
  const all = simulations.map((one) => figure.text(figure.of(one.result)));
  const least = figure.text(Math.min(...simulations.map((one) => figure.of(one.result))));
  return figure.text(figure.of(it.result)) === least && !all.every((text) => text === least);
}

function writeTiles() {
  FIGURES.forEach((figure) => {
    const value = figure.of(chosen.result);
    tile(figure.title, figure.text(value), figure.zero ? (value === 0 ? "good" : "bad") : "", difference(figure, chosen));
  });
}

function choose(it) {
  chosen = it;
  show(true);
}

function writeTables() {
  row("results", ["", ...FIGURES.map((figure) => figure.title)], "th");
  document.getElementById("results-note").hidden = single;
  simulations.forEach((it) => {
    const tr = row("results", [single ? it.label : "", ...FIGURES.map((figure) => (isBest(figure, it) ? "★ " : "") + figure.text(figure.of(it.result)))]);
    FIGURES.forEach((figure, i) => {
      const cell = tr.children[i + 1];
      if (isBest(figure, it)) cell.className = "good";
      const by = difference(figure, it);
      if (by) cell.append(element("small", by));
    });
    if (single) return;
    const button = element("button", it.label);
    button.type = "button";
    button.setAttribute("aria-pressed", String(it === chosen));
    button.addEventListener("click", () => choose(it));
    tr.firstChild.append(button);
  });
  const steps = simulations.flatMap((it) => it.steps.map((step) => [it.label, step]));
  document.getElementById("steps-box").hidden = steps.length === 0;
  const named = (label, cells) => (single ? cells : [label, ...cells]);
  row("steps", named("", ["at", "streams", "enough pods after", "even after"]), "th");
  steps.slice(0, MOST_STEPS).forEach(([label, step]) =>
    row("steps", named(label, [clock(step.second), count(step.planned), after(step.enough_after_s), after(step.even_after_s)])));
  document.getElementById("assertions-box").hidden = report.assertions.length === 0;
  report.assertions.forEach((a) => row("assertions", [(a.passed ? "✓ " : "✗ ") + a.assertion, a.value], "td", a.passed ? "good" : "bad"));
  document.getElementById("footer").textContent = `${count(sum(simulations.map((it) => it.events)))} events, ${report.cost.cpu_seconds} CPU seconds, `
    + `at most ${count(report.cost.peak_memory_mib)} MiB.`;
}

/** Beside each other without a crowd: the first, the chosen one and, of more than three, no others but by the legend. */
const beside = () => (simulations.length <= 3 ? simulations : simulations.filter((it) => it === first || it === chosen));

/** A line for each simulation; some for each if there is but one. */
const lines = (columns) => () => simulations.flatMap((it) => Object.entries(columns).slice(0, single ? undefined : 1).map(([name, of]) =>
  ({ label: single ? name : it.label, apart: !beside().includes(it), points: it.series.map((s) => ({ x: s.second, y: of(s) })) })));

const planned = () => ({ label: "planned", data: series.map((s) => s.planned) });
const ofChosen = single ? "" : "of the one chosen; ";
const CHARTS = [
  { title: "Streams per pod", note: ofChosen + "open streams, stacked; the dashed line is what should be open", wide: true, stacked: true, area: true,
    lines: podLines, extra: planned },
  { title: "Pods", note: "that serve; the dashed line is what the streams need", min: 0, lines: lines({ ready: (s) => s.ready_pods, desired: (s) => s.desired_pods }),
    extra: () => ({ label: "needed", data: series.map((s) => s.needed_pods) }) },
  { title: "Fullest pod ÷ mean", note: "1 is even", min: 1, lines: lines({ "max / mean": (s) => s.max_over_mean || null }) },
  { title: "Streams", note: "open streams; the dashed line is the planned number", min: 0, lines: lines({ open: (s) => s.open }), extra: planned },
  { title: "Streams on one pod", note: single ? "the fullest, the mean and the emptiest" : "the fullest", min: 0, lines: lines({ fullest: (s) => s.fullest, mean: (s) => s.mean, emptiest: (s) => s.emptiest }) },
  { title: "Streams handed off", note: "per interval", min: 0, wide: true, lines: () => (single ? [] : lines({ moved: (s) => s.moved })()) },
  { title: "Streams that moved or ended", note: ofChosen + "per interval, by cause", wide: true, stacked: true, bars: true, lines: causeBars },
];
