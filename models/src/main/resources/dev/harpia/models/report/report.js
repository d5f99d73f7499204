'use strict';
(() => {
  const root = document.documentElement;
  const problems = [];
  // What goes wrong is written down where a test, or a reader of the source, finds it.
  const fail = text => { problems.push(text); root.dataset.problems = problems.join(' | '); };
  addEventListener('error', e => fail(e.message || 'missing: ' + e.target.outerHTML.slice(0, 80)), true);
  addEventListener('unhandledrejection', e => fail(String(e.reason)));
  document.addEventListener('securitypolicyviolation', e => fail(e.violatedDirective + ': ' + e.blockedURI));

  const colour = name => getComputedStyle(root).getPropertyValue(name).trim();

  const series = (spec, s, i) => {
    const paint = colour('--s' + (i % 10 + 1));
    if (spec.kind === 'bars') {
      return {label: s.name, data: s.y, backgroundColor: paint, borderWidth: 0};
    }
    const few = s.x.length <= 40;
    const cloud = spec.kind === 'points';
    return {
      label: s.name, data: s.x.map((x, k) => ({x, y: s.y[k]})),
      borderColor: paint, backgroundColor: paint, borderWidth: few ? 2.4 : 1.5,
      pointRadius: cloud ? (few ? 4 : 2) : few ? 3.5 : 0, showLine: !cloud, tension: 0,
    };
  };

  const axis = (title, type, whole) => ({
    type,
    title: {display: title !== '', text: title, color: colour('--ink')},
    ticks: {color: colour('--faint'), ...(whole ? {precision: 0} : {})},
    grid: {color: colour('--line')},
    border: {color: colour('--line')},
  });

  const scale = log => log ? 'logarithmic' : 'linear';

  const draw = (canvas, spec, whole = spec.series.every(s => s.x.every(Number.isInteger))) => new Chart(canvas, {
    type: spec.kind === 'bars' ? 'bar' : spec.kind === 'points' ? 'scatter' : 'line',
    data: {labels: spec.kind === 'bars' ? spec.categories : undefined, datasets: spec.series.map((s, i) => series(spec, s, i))},
    options: {
      animation: false, responsive: true, maintainAspectRatio: false, normalized: true,
      interaction: {mode: spec.kind === 'bars' ? 'index' : 'nearest', intersect: false},
      plugins: {
        title: {display: true, text: spec.title, color: colour('--ink'), font: {size: 16}},
        legend: {display: spec.series.length > 1, position: 'bottom', labels: {color: colour('--ink'), boxWidth: 14, boxHeight: 10}},
      },
      scales: {
        x: axis(spec.x, spec.kind === 'bars' ? 'category' : scale(spec.logX), whole),
        y: axis(spec.y, scale(spec.logY)),
      },
    },
  });

  let charts = [];
  const drawAll = () => {
    charts.forEach(chart => chart.destroy());
    charts = [...document.querySelectorAll('.chart')].map(box =>
      draw(box.querySelector('canvas'), JSON.parse(box.querySelector('script').textContent)));
    root.dataset.charts = charts.length;
  };
  addEventListener('DOMContentLoaded', () => {
    drawAll();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  });
})();
