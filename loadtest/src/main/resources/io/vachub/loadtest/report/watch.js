const samples = () => thinned(report.series, MOST_POINTS);
const ended = (of, kind) => sum(Object.entries(of.ended).filter(([key]) => key.startsWith(kind)).map(([, n]) => n));

function writeHeader() {
  heading("Fleet of " + report.target, [`watched for ${clock(report.seconds)} since ${minute(report.started)}`]);
  if (report.live) verdict("● live", "good");
  else verdict("○ ended");
}

function writeTiles() {
  const answering = report.pods.filter((pod) => pod.state === "answers");
  const silent = report.pods.filter((pod) => pod.state === "silent").length;
  const streams = answering.map((pod) => pod.streams);
  const open = sum(streams);
  tile("streams open", count(open));
  tile("pods", count(answering.length));
  if (silent > 0) tile("without answer", count(silent), "bad");
  tile("max / mean", open === 0 ? "–" : ((Math.max(...streams) * streams.length) / open).toFixed(2));
  tile("messages per second", count(Math.round(sum(answering.map((pod) => pod.messages_per_second)))));
  tile("handoffs", count(ended(report, "handoff")));
  tile("refused", count(ended(report, "refused")));
  tile("streams cut", count(ended(report, "cut")), ended(report, "cut") === 0 ? "good" : "bad");
}

function writeTables() {
  row("pods", ["", "streams", "connections", "messages/s", "messages", "handed off", "refused", "cut", "cancelled", "in error", "lost", ""], "th");
  report.pods.forEach((pod) => {
    const silent = pod.state !== "answers";
    const remark = { silent: "no answer", gone: "gone", answers: pod.accepting ? "" : "leaving" }[pod.state];
    const now = (n) => (silent ? "–" : count(n));
    const tr = row("pods", [pod.pod, now(pod.streams), now(pod.connections), now(Math.round(pod.messages_per_second)), count(pod.messages),
      count(ended(pod, "handoff")), count(ended(pod, "refused")), count(ended(pod, "cut")), count(pod.ended.left_client_cancel || 0),
      count(pod.ended.left_client_error || 0), count(pod.ended.left_connection_lost || 0), remark]);
    if (ended(pod, "cut") > 0) tr.children[7].className = "bad";
    if (pod.state === "silent") tr.lastChild.className = "bad";
  });
  const causes = Object.entries(report.ended);
  if (causes.length === 0) row("causes", ["nothing yet", ""]);
  causes.forEach(([key, n]) => row("causes", [words(key), count(n)], "td", isBad(key) ? "bad" : ""));
}

const CHARTS = [
  { title: "Streams per pod", note: "open streams, stacked; without those of pods that do not answer", wide: true, stacked: true, area: true, lines: podLines },
  { title: "Fullest pod ÷ mean", note: "1 is even", min: 1, lines: () => [{ label: "max / mean", data: series.map((s) => s.max_over_mean || null) }] },
  { title: "Messages per second", note: "processed by all pods together", min: 0, lines: () => [{ label: "messages/s", data: series.map((s) => s.messages_per_second) }] },
  { title: "Streams that moved or ended", note: "per interval, by cause", wide: true, stacked: true, bars: true, lines: causeBars },
];
