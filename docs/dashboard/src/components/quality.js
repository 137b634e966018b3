import * as Plot from "@observablehq/plot";
import {chart, colors} from "./frame.js";

const measures = ["accuracy", "completeness", "currency"];

export function quality(t, f, rows) {
  const parts = rows.flatMap((r) => measures.map((m) => ({name: r.kecamatan_name, measure: t.measure[m], value: r[m]})));
  return chart(t, {
    id: "quality", caption: t.quality, rows,
    columns: [[t.district, (r) => r.kecamatan_name], [t.people, (r) => f.count(r.person_count)], ...measures.map((m) => [t.measure[m], (r) => f.percent(r[m])])],
    render: (width) => Plot.plot({
      width, height: rows.length * 20 + 40, marginLeft: width < 560 ? 100 : 140, marginRight: 10, marginTop: 30, marginBottom: 8, ariaLabel: t.quality,
      x: {axis: null, domain: [0, width < 560 ? 1.9 : 1.35]}, y: {label: null, domain: rows.map((r) => r.kecamatan_name), tickSize: 0, tickFormat: (n) => (width < 560 && n.length > 14 ? n.slice(0, 13) + "…" : n)},
      fx: {axis: "top", label: null, domain: measures.map((m) => t.measure[m])}, style: {fontSize: width < 560 ? "10px" : "12px"},
      marks: [
        Plot.barX(parts, {x: 1, y: "name", fx: "measure", fill: "#eef0f3", ariaHidden: "true"}),
        Plot.barX(parts, {x: (d) => d.value ?? 0, y: "name", fx: "measure", fill: colors.blue, ariaLabel: (d) => `${d.name}; ${d.measure}; ${f.percent(d.value)}`}),
        Plot.text(parts, {x: 1.02, y: "name", fx: "measure", text: (d) => f.percent(d.value), textAnchor: "start", ariaHidden: "true"})
      ]
    })
  });
}
