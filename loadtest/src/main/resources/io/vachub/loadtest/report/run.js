const samples = () => thinned(report.series.filter((s) => s.second <= report.seconds), MOST_POINTS);

function writeHeader() {
  const load = report.load;
  heading("Load test of " + report.target, [
    load.rpc,
    `${count(load.streams)} streams, ${load.curve ? "on a curve" : load.ramp === "at once" ? load.ramp : "ramp " + load.ramp}`,
    ...(load.lifetime === "endless" ? [] : [`each kept ${load.lifetime}`]),
    `${count(load.clients)} × ${count(load.channels)} channels`,
    `${load.rate} messages per second each, ${count(load.message_bytes)} bytes`,
    clock(report.seconds),
    minute(report.started),
  ]);
  const failed = report.assertions.filter((a) => !a.passed).length;
  const flaws = report.verdict.findings.filter((f) => !f.allowed).map((f) => f.flaw);
  const wrong = failed === 0 ? flaws : [...flaws, `${failed} of ${report.assertions.length} assertions`];
  if (report.live) verdict("● live", "good");
  else verdict(report.verdict.passed ? "✓ passed" : "✗ failed: " + wrong.join(", "), report.verdict.passed ? "good" : "bad");
}

function writeTiles() {
  const zero = (name, value) => tile(name, count(value), value === 0 ? "good" : "bad");
  const cut = report.reconnects.goaway + report.reconnects.reset + sum(Object.values(report.reconnects.cut));
  tile("messages sent", count(report.account.sent));
  if ("lost" in report.account) {
    zero("lost", report.account.lost);
    zero("doubled", report.account.doubled);
  }
  zero("unknown", report.account.unknown);
  if (report.account.unsettled > 0) zero("unsettled", report.account.unsettled);
  zero("streams cut", cut);
  if (report.streams_never_opened > 0) zero("never opened", report.streams_never_opened);
  tile("handoffs", count(sum(Object.values(report.reconnects.handoff))));
  tile("max / mean", report.balance.max_over_mean.toFixed(2));
  const response = report.timings.response_time;
  if (response.count > 0) tile("response time p99", millis(response["p99_ms"]) + " ms");
  else if (report.timings.lateness.count > 0) tile("lateness p99", millis(report.timings.lateness["p99_ms"]) + " ms");
}

function writeTables() {
  const account = report.account;
  for (const name of ["sent", "processed", "answered", "lost", "doubled", "unknown", "unsettled", "unsent"].filter((n) => n in account)) {
    const wrong = account[name] > 0 && !["sent", "processed", "answered"].includes(name);
    row("account", [name, count(account[name])], "td", wrong ? "bad" : "");
  }
  if (report.counters) row("account", [`on ${count(report.counters.pages.length)} metrics pages of the service`, count(report.counters.messages)]);
  row("account", ["sent again after a handoff", count(account.resent)]);
  row("account", [`late by more than ${report.late.threshold_ms} ms`, count(report.late.messages)]);
  row("account", ["the same, uncorrected", count(report.late.uncorrected_messages)]);
  document.getElementById("account-note").textContent = [
    account.unknown > 0 ? "Unknown: sent on a stream that was cut; it is unknown whether they were processed." : "",
    account.unsettled > 0 ? "Unsettled: on a stream that was given up at the end of the load." : "",
  ].join(" ");

  row("causes", ["streams opened", count(report.streams_opened)]);
  Object.entries(report.reconnects.handoff).forEach(([reason, n]) => row("causes", ["handoff: " + reason, count(n)]));
  row("causes", [words("goaway"), count(report.reconnects.goaway)], "td", report.reconnects.goaway ? "bad" : "");
  row("causes", [words("reset"), count(report.reconnects.reset)], "td", report.reconnects.reset ? "bad" : "");
  Object.entries(report.reconnects.cut).forEach(([code, n]) => row("causes", ["cut by " + code, count(n)], "td", "bad"));
  if (report.streams_never_opened) row("causes", ["never opened", count(report.streams_never_opened)], "td", "bad");
  if (report.streams_unsettled) row("causes", ["given up at the end", count(report.streams_unsettled)], "td", "bad");
  row("causes", ["refused", count(report.reconnects.refused)]);
  row("causes", [words("connect"), count(report.reconnects.connect)]);
  Object.entries(report.failures).forEach(([code, n]) => row("causes", ["failed: " + code, count(n)], "td", "bad"));

  report.texts.forEach((t) => row("texts", [words(t.cause), count(t.count), t.text]));
  document.getElementById("texts-box").hidden = report.texts.length === 0;
  report.verdict.findings.forEach((f) =>
    row("findings", [f.flaw + (f.allowed ? " (allowed)" : ""), f.sentence], "td", f.allowed ? "" : "bad"));
  document.getElementById("findings-box").hidden = report.verdict.findings.length === 0;
  report.notes.forEach((note) => document.getElementById("notes").append(element("p", note, "note")));

  const columns = ["mean", "p50", "p75", "p90", "p95", "p99", "p99.9", "p99.99", "max"];
  row("timings", ["", "count", ...columns], "th");
  Object.entries(report.timings).filter(([, t]) => t.count > 0).forEach(([name, t]) =>
    row("timings", [words(name), count(t.count), ...columns.map((c) => millis(t[c + "_ms"]))]));

  document.getElementById("assertions-box").hidden = report.assertions.length === 0;
  report.assertions.forEach((a) =>
    row("assertions", [(a.passed ? "✓ " : "✗ ") + a.assertion, a.value], "td", a.passed ? "good" : "bad"));

  writePods();
  writeItself();
}

function writePods() {
  row("pods", ["", "streams", "opened", "messages", "handed off", "refused", "cut", "ended by"], "th");
  if (report.pods.length === 0) row("pods", ["none has answered", ...Array(7).fill("–")]);
  report.pods.forEach((pod) => {
    const ended = (of) => sum(Object.entries(pod.ended).filter(([key]) => of(key)).map(([, n]) => n));
    const tr = row("pods", [pod.pod, count(pod.streams), count(pod.opened), count(pod.messages), count(ended((key) => key.startsWith("handoff"))),
      count(ended((key) => key.startsWith("refused"))), count(ended(isBad)),
      Object.entries(pod.ended).map(([key, n]) => words(key) + " " + count(n)).join(", ") || "–"]);
    if (ended(isBad) > 0) tr.children[6].className = "bad";
  });
}

function writeItself() {
  const { cost, health, timings } = report;
  const percent = (share) => Math.round(share * 100) + " %";
  row("itself", ["processor", `${cost.cpu_seconds} s`, `${count(cost.messages_per_cpu_second)} messages a CPU second`]);
  row("itself", ["memory at most", `${count(cost.peak_memory_mib)} MiB`, ""]);
  row("itself", ["busiest event loop", percent(health.busiest_event_loop), "of the time"]);
  row("itself", ["behind", `${count(health.seconds_behind)} s`, `of ${count(health.seconds_judged)} s; while warming up ${count(health.seconds_behind_warming_up)} s`],
    "td", health.bottleneck ? "bad" : "");
  row("itself", ["garbage collections", count(health.gc_count), `${health.gc_seconds} s together`]);
  ["event_loop_delay", "process_stall", "sampler_delay"].filter((key) => timings[key].count > 0).forEach((key) =>
    row("itself", [words(key), `${millis(timings[key].max_ms)} ms at most`, `p50 ${millis(timings[key].p50_ms)} ms, p99 ${millis(timings[key].p99_ms)} ms`]));
}

function percentileLines(timing, shown = ["p50", "p99", "max"]) {
  return shown.map((label) => [label, label + "_ms"]).map(([label, key]) =>
    ({ label, data: series.map((s) => (s.timings[timing] ? s.timings[timing][key] : null)) }));
}

const CHARTS = [
  { title: "Streams per pod", note: "open streams, stacked; the dashed line is the planned number", wide: true, stacked: true, area: true,
    lines: podLines, extra: () => ({ label: "planned", data: series.map((s) => s.planned) }) },
  { title: "Fullest pod ÷ mean", note: "1 is even", min: 1, lines: () => [{ label: "max / mean", data: series.map((s) => s.max_over_mean || null) }] },
  { title: "Messages per second", note: "sent by all streams together", min: 0, lines: () => [{ label: "messages/s", data: series.map((s) => s.messages_per_second) }] },
  { title: "Lateness", note: "milliseconds after the scheduled time, logarithmic", log: true, timing: "lateness", lines: () => percentileLines("lateness") },
  { title: "Response time", note: "milliseconds from a message's scheduled time to its answer, logarithmic", log: true, timing: "response_time", lines: () => percentileLines("response_time") },
  { title: "Response time, every message", note: "each cell a time and a latency in milliseconds; the darker, the more messages", log: true, heat: true, wide: true, lines: () => heatLines("response_time") },
  { title: "Lateness, every message", note: "each cell a time and a lateness in milliseconds; the darker, the more messages", log: true, heat: true, wide: true,
    lines: () => (report.timings.response_time.count ? [] : heatLines("lateness")) },
  { title: "Time to open a stream", note: "milliseconds to the server's header, logarithmic", log: true, timing: "open", bars: true, lines: () => percentileLines("open", ["p50", "max"]) },
  { title: "Gap at a handoff", note: "milliseconds from the end of one stream to the next one's header, logarithmic", log: true, timing: "handoff_gap", bars: true, lines: () => percentileLines("handoff_gap", ["p50", "max"]) },
  { title: "Gap at a reconnect", note: "milliseconds without a stream, back-off included, logarithmic", log: true, timing: "reconnect_gap", bars: true, lines: () => percentileLines("reconnect_gap", ["p50", "max"]) },
  { title: "The load tester itself", note: "delay of its event loops in milliseconds, logarithmic", log: true, timing: "event_loop_delay", lines: () => percentileLines("event_loop_delay") },
  { title: "Streams that moved or ended", note: "per interval, by cause", wide: true, stacked: true, bars: true, lines: causeBars },
];
