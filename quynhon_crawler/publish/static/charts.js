"use strict";
// Draws each figure.chart from the table that its data-table names, with Chart.js (vendor/). The table is the
// truth, and stays: it is what readers without this script see. Nothing here knows a number or a word of its own.
(() => {
  const root = document.documentElement;
  const colour = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const number = (cell) => Number((cell ? cell.textContent : "").replace(/\D/g, ""));
  const label = (cell) => (cell.dataset.label || cell.textContent).trim();
  const go = (cell) => { const link = cell && cell.querySelector("a"); if (link) location.assign(link.href); };
  const rows = (table) => [...table.tBodies[0].rows];
  const heads = (table) => [...table.tHead.rows[0].cells].slice(1);

  const axis = (more) => ({
    ticks: { color: colour("--soft") }, border: { color: colour("--line") }, grid: { color: colour("--line") }, ...more,
  });
  const whole = (value) => (Number.isInteger(value) ? value.toLocaleString(root.lang) : null);

  // A row is a period, a column a series in the colour that it names; a column with data-sum is for readers only.
  const stacked = (table) => ({
    type: "bar",
    data: {
      labels: rows(table).map((row) => label(row.cells[0])),
      datasets: heads(table).flatMap((head, place) => ("sum" in head.dataset ? [] : [{
        label: label(head),
        data: rows(table).map((row) => number(row.cells[place + 1])),
        backgroundColor: colour(`--series-${head.dataset.series}`),
        maxBarThickness: 56,
      }])),
    },
    options: {
      onClick: (_, found) => { if (found.length) go(rows(table)[found[0].index].cells[0]); },
      scales: {
        x: axis({ stacked: true, grid: { display: false } }),
        y: axis({ stacked: true, beginAtZero: true, ticks: { color: colour("--soft"), precision: 0, callback: whole } }),
      },
      plugins: { legend: { position: "bottom", labels: { color: colour("--ink"), boxWidth: 14, boxHeight: 14 } } },
    },
  });

  // Months beside days; on a narrow screen the other way round, so that a finger can meet a day. The darker, the more.
  const narrow = matchMedia("(max-width: 43.99rem)");
  const calendar = (table) => {
    const tall = narrow.matches;
    const cells = rows(table).flatMap((row, month) => [...row.cells].slice(1).map((cell, place) => (
      tall ? { x: month + 1, y: place, cell, v: number(cell) } : { x: place + 1, y: month, cell, v: number(cell) })));
    const most = Math.max(4, ...cells.map((cell) => cell.v));
    const heat = (v) => colour(`--heat-${v ? 1 + Math.min(4, Math.floor((v / most) * 4.999)) : 0}`);
    const days = cells.filter((cell) => cell.cell.dataset.day);
    const months = rows(table).map((row) => label(row.cells[0]));
    const [wide, high] = tall ? [12, 31] : [31, 12];
    const tens = [1, 5, 10, 15, 20, 25, 31];
    const axes = {
      x: { ticks: tall ? months.map((_, place) => place + 1) : tens, text: (value) => (tall ? value : value.toLocaleString(root.lang)) },
      y: { ticks: tall ? tens.map((day) => day - 1) : months.map((_, place) => place), text: (value) => (tall ? value + 1 : months[value]) },
    };
    const scale = (name, more) => axis({ type: "linear", grid: { display: false }, border: { display: false },
      afterBuildTicks: (built) => { built.ticks = axes[name].ticks.map((value) => ({ value })); },
      ticks: { color: colour("--soft"), maxRotation: 0, autoSkip: false, callback: axes[name].text }, ...more });
    return {
      type: "matrix",
      data: { datasets: [{
        data: days,
        backgroundColor: days.map((cell) => heat(cell.v)),
        hoverBackgroundColor: days.map((cell) => heat(cell.v)),
        hoverBorderColor: colour("--focus"),
        hoverBorderWidth: 2,
        borderRadius: 2,
        width: ({ chart }) => Math.max(2, (chart.chartArea || { width: 0 }).width / wide - (tall ? 1 : 2)),
        height: ({ chart }) => Math.max(2, (chart.chartArea || { height: 0 }).height / high - (tall ? 1 : 2)),
      }] },
      options: {
        onClick: (_, found) => { if (found.length) go(days[found[0].index].cell); },
        scales: {
          x: scale("x", { position: "top", min: 0.5, max: wide + 0.5, offset: false }),
          y: scale("y", { reverse: true, min: -0.5, max: high - 0.5 }),
        },
        plugins: {
          legend: { display: false },
          tooltip: { displayColors: false, callbacks: {
            title: (items) => days[items[0].dataIndex].cell.dataset.day,
            label: (item) => days[item.dataIndex].v.toLocaleString(root.lang),
          } },
        },
      },
    };
  };

  // The days by keys: arrows go as they are drawn, Enter opens one. What is reached is said below the chart.
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const byKeys = (figure) => {
    const canvas = figure.querySelector("canvas");
    const said = figure.querySelector("output");
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label", `${canvas.getAttribute("aria-label")}. ${said.textContent}`);
    let day = null;
    canvas.addEventListener("keydown", (event) => {
      const days = Chart.getChart(canvas).data.datasets[0].data;
      if (event.key === "Enter" && day) go(day);
      if (!(event.key in steps)) return;
      event.preventDefault();
      const here = days.find(({ cell }) => cell === day);
      const [right, down] = steps[event.key];
      const next = here ? days.find(({ x, y }) => x === here.x + right && y === here.y + down) : days[0];
      if (!next) return;
      day = next.cell;
      const link = day.querySelector("a");
      said.textContent = link ? link.getAttribute("aria-label") : `${day.dataset.day}: 0`;
      Chart.getChart(canvas).setActiveElements([{ datasetIndex: 0, index: days.indexOf(next) }]);
      Chart.getChart(canvas).update("none");
    });
  };

  const kinds = { stacked, calendar };
  const draw = (figure) => {
    const table = document.getElementById(figure.dataset.table);
    const made = kinds[figure.dataset.chart](table);
    Object.assign(made.options, { animation: false, responsive: true, maintainAspectRatio: false, locale: root.lang });
    return new Chart(figure.querySelector("canvas"), made);
  };

  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 13;
  const figures = [...document.querySelectorAll("figure.chart")];
  let charts = figures.map(draw);
  figures.filter((figure) => figure.dataset.chart === "calendar").forEach(byKeys);
  const again = () => {
    charts.forEach((chart) => chart.destroy());
    charts = figures.map(draw);
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  narrow.addEventListener("change", again);
  root.dataset.charts = "drawn";
})();
