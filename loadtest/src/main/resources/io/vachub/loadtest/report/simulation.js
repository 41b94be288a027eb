const simulations = report.simulations;
const first = simulations[0];
const single = simulations.length === 1;
const samples = () => first.series;
const MOST_STEPS = 60;
const percent = (share) => (share * 100).toFixed(share < 0.1 ? 2 : 1) + " %";
const rounded = (n) => n.toLocaleString("en", { maximumFractionDigits: n < 100 ? 1 : 0 });
const after = (seconds) => (seconds === undefined ? "not before the next step" : seconds + " s");

function writeHeader() {
  document.getElementById("load").textContent = [
    report.options || "default settings",
    `${count(first.streams)} streams`,
    clock(first.seconds),
    `seed ${first.seed}`,
  ].join(" · ");
  const failed = report.assertions.filter((a) => !a.passed).length;
  if (report.assertions.length > 0) {
    verdict(failed === 0 ? "✓ all assertions hold" : `✗ ${failed} of ${report.assertions.length} assertions failed`, failed === 0 ? "good" : "bad");
  }
}

function writeTiles() {
  const result = first.result;
  tile("pods", rounded(result.ready_pods));
  tile("needed", rounded(result.needed_pods));
  tile("max / mean", result.average_max_over_mean.toFixed(2));
  tile("peak on one pod", count(result.peak));
  tile("moved a minute", percent(result.moved_per_minute));
  tile("streams cut", count(result.cut), result.cut === 0 ? "good" : "bad");
  tile("refused", count(result.refused));
  tile("time lost", percent(result.lost_share));
}

function writeTables() {
  row("results", ["", "pods", "needed", "missing", "spare", "max / mean", "peak", "moved", "cut", "refused", "lost"], "th");
  simulations.forEach(({ label, result }) => row("results", [label, rounded(result.ready_pods), rounded(result.needed_pods),
    rounded(result.missing_pod_minutes), rounded(result.spare_pod_minutes), result.average_max_over_mean.toFixed(2), count(result.peak),
    percent(result.moved_per_minute), count(result.cut), count(result.refused), percent(result.lost_share)]));
  const steps = simulations.flatMap((it) => it.steps.map((step) => [it.label, step]));
  document.getElementById("steps-box").hidden = steps.length === 0;
  row("steps", ["", "at", "streams", "enough pods after", "even after"], "th");
  steps.slice(0, MOST_STEPS).forEach(([label, step]) =>
    row("steps", [label, clock(step.second), count(step.planned), after(step.enough_after_s), after(step.even_after_s)]));
  document.getElementById("assertions-box").hidden = report.assertions.length === 0;
  report.assertions.forEach((a) => row("assertions", [(a.passed ? "✓ " : "✗ ") + a.assertion, a.value], "td", a.passed ? "good" : "bad"));
  document.getElementById("footer").textContent = `${count(sum(simulations.map((it) => it.events)))} events, ${report.cost.cpu_seconds} CPU seconds, `
    + `at most ${count(report.cost.peak_memory_mib)} MiB.`;
}

/** A line for each simulation; some for each if there is but one. */
const lines = (columns) => () => simulations.flatMap((it) => Object.entries(columns).slice(0, single ? undefined : 1).map(([name, of]) =>
  ({ label: single ? name : it.label, points: it.series.map((s) => ({ x: s.second, y: of(s) })) })));

const planned = () => ({ label: "planned", data: series.map((s) => s.planned) });
const CHARTS = [
  { title: "Streams per pod", note: "open streams, stacked; the dashed line is what should be open", wide: true, stacked: true, area: true,
    lines: () => (single ? podLines() : []), extra: planned },
  { title: "Pods", note: "that serve; the dashed line is what the streams need", min: 0, lines: lines({ ready: (s) => s.ready_pods, desired: (s) => s.desired_pods }),
    extra: () => ({ label: "needed", data: series.map((s) => s.needed_pods) }) },
  { title: "Fullest pod over the mean", note: "1 is even", min: 1, lines: lines({ "max / mean": (s) => s.max_over_mean || null }) },
  { title: "Streams", note: "open; the dashed line is what should be open", min: 0, lines: lines({ open: (s) => s.open }), extra: planned },
  { title: "Streams on one pod", note: "the fullest", min: 0, lines: lines({ fullest: (s) => s.fullest, mean: (s) => s.mean, emptiest: (s) => s.emptiest }) },
  { title: "Streams that moved or ended", note: "per interval, by cause", wide: true, stacked: true, bars: true, lines: () => (single ? causeBars() : []) },
  { title: "Streams handed off", note: "per interval", min: 0, lines: () => (single ? [] : lines({ moved: (s) => s.moved })()) },
];

function write() {
  writeHeader();
  writeTiles();
  writeTables();
}

start();
