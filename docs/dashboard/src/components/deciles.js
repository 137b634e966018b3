import * as Plot from "@observablehq/plot";
import {chart, colors, ink} from "./frame.js";

const last = 5; // deciles 1 to 5 are the poorer half

function districts(rows) {
  const byCode = new Map();
  for (const row of rows) {
    const d = byCode.get(row.kecamatan_code) ?? {code: row.kecamatan_code, name: row.kecamatan_name, low: 0, all: 0, hidden: 0};
    byCode.set(row.kecamatan_code, d);
    if (row.is_suppressed) d.hidden++;
    else if (row.sort_order <= 10) {
      d.all += row.family_count;
      if (row.sort_order <= last) d.low += row.family_count;
    }
  }
  return [...byCode.values()].map((d) => ({...d, share: d.all > 0 ? d.low / d.all : null}));
}

// Breaks a name into at most three lines that fit a tile.
function wrap(name, length) {
  const lines = [];
  for (const word of name.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && (line + " " + word).length <= length) lines[lines.length - 1] = line + " " + word;
    else lines.push(word);
  }
  return lines.slice(0, 3).map((l) => (l.length > length + 2 ? l.slice(0, length) + "…" : l)).join("\n");
}

export function tiles(t, f, rows) {
  const all = districts(rows);
  const shareText = (d) => (d.hidden && d.share !== null ? "≈ " : "") + f.percent(d.share);
  return chart(t, {
    id: "tiles", caption: t.tiles, note: t.tilesNote, rows: all,
    columns: [[t.district, (d) => d.name], [t.share, shareText], ["×", (d) => f.count(d.hidden)]],
    render: (width) => {
      const columns = Math.max(3, Math.min(8, Math.floor(width / 92), Math.ceil(Math.sqrt(all.length)) + 1));
      const placed = all.map((d, i) => ({...d, x: i % columns, y: Math.floor(i / columns)}));
      const size = width / columns;
      return Plot.plot({
        width, height: Math.ceil(all.length / columns) * Math.min(size, 78) + 44, margin: 0, marginTop: 44,
        x: {axis: null, type: "band", padding: 0.04, domain: Array.from({length: columns}, (_, i) => i)},
        y: {axis: null, type: "band", padding: 0.04},
        color: {type: "linear", scheme: "blues", domain: [0, 1], unknown: "#e5e7eb", percent: false},
        ariaLabel: t.tiles,
        marks: [
          Plot.cell(placed, {x: "x", y: "y", fill: "share", rx: 4, stroke: "#6b7280", strokeWidth: 0.5, ariaLabel: (d) => `${d.name}; ${shareText(d)}`, title: (d) => `${d.name}: ${shareText(d)}`}),
          Plot.text(placed, {x: "x", y: "y", text: (d) => wrap(d.name, Math.floor(size / 7.2)), dy: -9, fontSize: 11, lineHeight: 1, fill: (d) => ink(d.share), ariaHidden: "true"}),
          Plot.text(placed, {x: "x", y: "y", text: shareText, dy: 20, fontSize: 12, fontWeight: 600, fill: (d) => ink(d.share), ariaHidden: "true"}),
          legend(width, f)
        ]
      });
    }
  });
}

// The scale of the colours, above the tiles: five steps with their meaning.
function legend(width, f) {
  return () => {
    const g = document.createElementNS("http://www.w3.org/2000/svg", "g");
    g.setAttribute("aria-hidden", "true");
    const step = Math.min(56, width / 6);
    const {scale} = {scale: Plot.scale({color: {type: "linear", scheme: "blues", domain: [0, 1]}})};
    for (let i = 0; i <= 5; i++) {
      const share = i / 5;
      const rect = document.createElementNS(g.namespaceURI, "rect");
      for (const [k, v] of Object.entries({x: i * step, y: 0, width: step, height: 12, fill: scale.apply(share), stroke: "#6b7280", "stroke-width": 0.5})) rect.setAttribute(k, v);
      const label = document.createElementNS(g.namespaceURI, "text");
      for (const [k, v] of Object.entries({x: i * step + step / 2, y: 26, "text-anchor": "middle", "font-size": 11, fill: "#111"})) label.setAttribute(k, v);
      label.textContent = f.percent(share).replace(/[.,]0/, "");
      g.append(rect, label);
    }
    return g;
  };
}

const short = (t, order) => (order === 11 ? "–" : String(order));

export function bars(t, f, rows) {
  const byDecile = Array.from({length: 11}, (_, i) => {
    const cells = rows.filter((r) => r.sort_order === i + 1);
    return {order: i + 1, label: i === 10 ? t.noRank : `${t.desil} ${i + 1}`, families: cells.reduce((n, r) => n + (r.family_count ?? 0), 0),
      persons: cells.reduce((n, r) => n + (r.person_count ?? 0), 0), hidden: cells.filter((r) => r.is_suppressed).length};
  }).filter((d) => d.families > 0 || d.hidden > 0);
  return chart(t, {
    id: "deciles", caption: t.bars, rows: byDecile,
    columns: [[t.desil, (d) => d.label], [t.families, (d) => f.count(d.families)], [t.persons, (d) => f.count(d.persons)], ["×", (d) => f.count(d.hidden)]],
    render: (width) => Plot.plot({
      width, height: 300, marginLeft: 120, marginRight: 60, ariaLabel: t.bars,
      x: {axis: null}, y: {label: null, domain: byDecile.map((d) => d.label), tickSize: 0},
      style: {fontSize: "12px"},
      marks: [
        Plot.barX(byDecile, {x: "families", y: "label", fill: (d) => (d.order === 11 ? colors.grey : colors.blue), ariaLabel: (d) => `${d.label}; ${f.count(d.families)}`}),
        Plot.text(byDecile, {x: "families", y: "label", text: (d) => f.count(d.families), textAnchor: "start", dx: 4, ariaHidden: "true"})
      ]
    })
  });
}

export function grid(t, f, rows) {
  const names = [...new Set(rows.map((r) => r.kecamatan_name))];
  const most = Math.max(1, ...rows.map((r) => r.family_count ?? 0));
  return chart(t, {
    id: "grid", caption: t.grid, rows,
    columns: [[t.district, (r) => r.kecamatan_name], [t.desil, (r) => short(t, r.sort_order)], [t.families, (r) => f.count(r.family_count)], [t.persons, (r) => f.count(r.person_count)]],
    render: (width) => Plot.plot({
      width, height: names.length * 22 + 50, marginLeft: width < 560 ? 96 : 140, marginRight: 2, marginTop: 30, marginBottom: 4, ariaLabel: t.grid,
      x: {type: "band", axis: "top", label: null, domain: Array.from({length: 11}, (_, i) => i + 1), tickFormat: (o) => short(t, o), tickSize: 0, padding: 0.03},
      y: {label: null, domain: names, tickSize: 0, padding: 0.06, tickFormat: (n) => (width < 560 && n.length > 14 ? n.slice(0, 13) + "…" : n)},
      color: {type: "linear", scheme: "blues", domain: [0, most], unknown: "#f3f4f6"},
      style: {fontSize: width < 560 ? "9.5px" : "12px"},
      marks: [
        Plot.cell(rows, {x: "sort_order", y: "kecamatan_name", fill: "family_count",
          ariaLabel: (r) => `${r.kecamatan_name}; ${short(t, r.sort_order)}; ${f.count(r.family_count)}`}),
        Plot.text(rows, {x: "sort_order", y: "kecamatan_name", text: (r) => f.count(r.family_count), fill: (r) => ink((r.family_count ?? 0) / most), ariaHidden: "true"})
      ]
    })
  });
}
