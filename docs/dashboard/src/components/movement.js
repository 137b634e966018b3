import * as Plot from "@observablehq/plot";
import {chart, ink} from "./frame.js";

const order = ["extreme_fall", "significant_fall", "fall", "same", "rise", "significant_rise", "extreme_rise"];
// falls and rises differ in hue, and in lightness from "same": readable without red and green
const shades = {extreme_fall: "#7f3b08", significant_fall: "#c26a12", fall: "#f0a860", same: "#9aa1ab", rise: "#92c5de", significant_rise: "#4393c3", extreme_rise: "#0b4a8a"};

export function matrix(t, f, rows) {
  const cells = rows.map((r) => ({...r, from: r.from_desil ?? 11, to: r.to_desil ?? 11}));
  const most = Math.max(1, ...cells.map((r) => r.family_count ?? 0));
  const label = (o) => (o === 11 ? "–" : String(o));
  const domain = Array.from({length: 11}, (_, i) => i + 1);
  return chart(t, {
    id: "matrix", caption: t.matrix, rows: cells,
    columns: [[t.desil, (r) => `${label(r.from)} → ${label(r.to)}`], [t.families, (r) => f.count(r.family_count)]],
    render: (width) => Plot.plot({
      width, height: Math.min(width, 470) * 0.86, marginLeft: 26, marginTop: 26, marginRight: 2, marginBottom: 2, ariaLabel: t.matrix,
      x: {type: "band", axis: "top", domain, label: null, tickFormat: label, tickSize: 0, padding: 0.03},
      y: {type: "band", domain, label: null, tickFormat: label, tickSize: 0, padding: 0.03},
      // most families stay: the root keeps the others visible
      color: {type: "sqrt", scheme: "blues", domain: [0, most], unknown: "#f3f4f6"},
      style: {fontSize: width < 420 ? "8.5px" : "11px"},
      marks: [
        Plot.cell(cells, {x: "to", y: "from", fill: "family_count", ariaLabel: (r) => `${label(r.from)}; ${label(r.to)}; ${f.count(r.family_count)}`}),
        Plot.text(cells, {x: "to", y: "from", text: (r) => f.count(r.family_count), fill: (r) => ink(Math.sqrt((r.family_count ?? 0) / most)), ariaHidden: "true"})
      ]
    })
  });
}

export function kinds(t, f, rows) {
  const sums = order.map((kind) => {
    const cells = rows.filter((r) => r.movement === kind);
    return {kind, label: t.movement[kind], families: cells.reduce((n, r) => n + (r.family_count ?? 0), 0), hidden: cells.filter((r) => r.is_suppressed).length};
  });
  return chart(t, {
    id: "kinds", caption: t.kinds, rows: rows.length ? sums : [],
    columns: [["", (d) => d.label], [t.families, (d) => f.count(d.families)], ["×", (d) => f.count(d.hidden)]],
    render: (width) => Plot.plot({
      width, height: 240, marginLeft: 140, marginRight: 60, ariaLabel: t.kinds,
      x: {axis: null}, y: {label: null, domain: sums.map((d) => d.label), tickSize: 0}, style: {fontSize: "12px"},
      marks: [
        Plot.barX(sums, {x: "families", y: "label", fill: (d) => shades[d.kind], ariaLabel: (d) => `${d.label}; ${f.count(d.families)}`}),
        Plot.text(sums, {x: "families", y: "label", text: (d) => f.count(d.families), textAnchor: "start", dx: 4, ariaHidden: "true"})
      ]
    })
  });
}
