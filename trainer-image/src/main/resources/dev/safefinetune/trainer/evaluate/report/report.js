"use strict";
(() => {
  const series = JSON.parse(document.getElementById("series").textContent);
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const charts = [];

  const axis = () => ({ stroke: () => colour("quiet"), grid: { stroke: () => colour("line"), width: 1 }, ticks: { stroke: () => colour("line"), width: 1 }, font: "12px system-ui, sans-serif" });
  const figure = v => v == null ? "–" : v !== 0 && Math.abs(v) < 0.01 ? v.toExponential(1) : v.toFixed(3);
  const line = (label, name, extra) => Object.assign({ label, stroke: () => colour(name), width: 1.5, spanGaps: false, points: { show: false }, value: (u, v) => figure(v) }, extra);

  function draw(id, data, lines, options) {
    const place = document.getElementById(id);
    if (!place || !data || data[0].length === 0) return;
    const width = () => Math.max(280, place.clientWidth);
    const chart = new uPlot(Object.assign({
      width: width(), height: 260,
      scales: { x: { time: false } },
      axes: [axis(), Object.assign(axis(), { size: 60 })],
      series: [{ label: (options || {}).x || "step", value: (u, v) => v == null ? "–" : +v.toFixed(3) }].concat(lines),
    }, (options || {}).plot), data, place);
    charts.push(chart);
    new ResizeObserver(() => { if (chart.width !== width()) chart.setSize({ width: width(), height: 260 }); }).observe(place);
  }

  // Both arms on one axis of steps; a step that an arm does not have is a gap.
  function together(column) {
    const arms = [series.plain, series.secured].filter(Boolean);
    const steps = [...new Set(arms.flatMap(arm => arm.steps))].sort((a, b) => a - b);
    return [steps].concat(arms.map(arm => {
      const at = new Map(arm.steps.map((step, k) => [step, arm[column][k]]));
      return steps.map(step => at.get(step) ?? null);
    }));
  }

  if (series.secured) {
    const arms = (series.plain ? [line("plain", "plain")] : []).concat(line(series.arm, "secured"));
    draw("loss", together("loss"), arms);
    // The page has a place for it where there was a vector.
    draw("probes", [series.secured.probeSteps, series.secured.probeOff, series.secured.probeOn],
      [line("vector off", "plain", { points: { show: true, size: 5 } }), line("vector on", "secured", { points: { show: true, size: 5 } })]);
    const positive = together("gradientNorm").map((column, k) => k === 0 ? column : column.map(v => v > 0 ? v : null));
    draw("gradients", positive, arms, { plot: { scales: { x: { time: false }, y: { distr: 3 } } } });
  }
  if (series.drops) {
    const { low, width, counts } = series.drops;
    const threshold = u => {
      if (series.threshold == null) return;
      const x = u.valToPos(series.threshold, "x", true);
      u.ctx.save();
      u.ctx.strokeStyle = colour("bad");
      u.ctx.lineWidth = 2;
      u.ctx.setLineDash([6, 4]);
      u.ctx.beginPath();
      u.ctx.moveTo(x, u.bbox.top);
      u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
      u.ctx.stroke();
      u.ctx.restore();
    };
    const end = low + counts.length * width;
    const most = Math.max(low + width, series.threshold ?? low, end);
    draw("drops", [counts.map((_, k) => low + (k + 0.5) * width), counts.map(n => n > 0 ? n : null)],
      [line("samples", "secured", { paths: uPlot.paths.bars({ size: [0.9, 100] }), fill: () => colour("secured"), width: 0, value: (u, v) => v ?? 0 })],
      { x: "drop", plot: { scales: { x: { time: false, range: [low - width / 2, most + width / 2] }, y: { distr: 3, range: [0.8, Math.max(...counts) * 1.3] } }, hooks: { draw: [threshold] } } });
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => charts.forEach(chart => chart.redraw(false)));
  document.documentElement.dataset.charts = charts.length;
})();
