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

  // A row is a period, a column a series; a column with data-sum is for readers only.
  const stacked = (table) => ({
    type: "bar",
    data: {
      labels: rows(table).map((row) => label(row.cells[0])),
      datasets: heads(table).flatMap((head, place) => ("sum" in head.dataset ? [] : [{
        label: label(head),
        data: rows(table).map((row) => number(row.cells[place + 1])),
        backgroundColor: colour(`--series-${place + 1}`),
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

  // A row is a month, a column a day; the darker, the more.
  const calendar = (table) => {
    const cells = rows(table).flatMap((row, y) => [...row.cells].slice(1).map((cell, x) => ({ x: x + 1, y, cell, v: number(cell) })));
    const most = Math.max(4, ...cells.map((cell) => cell.v));
    const heat = (v) => colour(`--heat-${v ? 1 + Math.min(4, Math.floor((v / most) * 4.999)) : 0}`);
    const days = cells.filter((cell) => cell.cell.dataset.day);
    const months = rows(table).map((row) => label(row.cells[0]));
    return {
      type: "matrix",
      data: { datasets: [{
        data: days,
        backgroundColor: days.map((cell) => heat(cell.v)),
        hoverBackgroundColor: days.map((cell) => heat(cell.v)),
        hoverBorderColor: colour("--focus"),
        hoverBorderWidth: 2,
        borderRadius: 2,
        width: ({ chart }) => Math.max(2, (chart.chartArea || { width: 0 }).width / 31 - 2),
        height: ({ chart }) => Math.max(2, (chart.chartArea || { height: 0 }).height / 12 - 2),
      }] },
      options: {
        onClick: (_, found) => { if (found.length) go(days[found[0].index].cell); },
        scales: {
          x: axis({ type: "linear", position: "top", min: 0.5, max: 31.5, offset: false, grid: { display: false }, border: { display: false },
            afterBuildTicks: (scale) => { scale.ticks = [1, 5, 10, 15, 20, 25, 31].map((value) => ({ value })); },
            ticks: { color: colour("--soft"), maxRotation: 0, autoSkip: false } }),
          y: axis({ type: "linear", reverse: true, min: -0.5, max: 11.5, grid: { display: false }, border: { display: false },
            afterBuildTicks: (scale) => { scale.ticks = months.map((_, value) => ({ value })); },
            ticks: { color: colour("--soft"), autoSkip: false, callback: (value) => months[value] } }),
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
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    charts.forEach((chart) => chart.destroy());
    charts = figures.map(draw);
  });
  root.dataset.charts = "drawn";
})();
