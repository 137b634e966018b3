import * as Plot from "@observablehq/plot";
import {chart, colors} from "./frame.js";

const parts = ["reached", "missed", "outside"];
const fills = {reached: colors.blue, missed: colors.orange, outside: colors.vermilion};

export function targeting(t, f, lang, rows) {
  const label = (r) => r[`label_${lang}`];
  const cells = rows.flatMap((r) => parts.map((p) => ({program: label(r), part: p, n: r[`${p}_count`]})));
  const order = (d) => parts.indexOf(d.part);
  return chart(t, {
    id: "targeting", caption: t.targeting, rows, key: parts.map((p) => [fills[p], t.target[p]]),
    columns: [[t.program, (r) => `${label(r)} (${t.unit[r.unit]})`], ...parts.map((p) => [t.target[p], (r) => f.count(r[`${p}_count`])]),
      [t.exclusion, (r) => f.percent(r.exclusion_share)], [t.inclusion, (r) => f.percent(r.inclusion_share)]],
    render: (width) => Plot.plot({
      width, height: rows.length * 62 + 8, marginLeft: 6, marginRight: 6, marginTop: 4, marginBottom: 4, ariaLabel: t.targeting,
      x: {axis: null}, y: {axis: null, domain: rows.map(label), padding: 0.55}, style: {fontSize: "12px"},
      marks: [
        Plot.barX(cells, Plot.stackX({x: (d) => d.n ?? 0, y: "program", fill: (d) => fills[d.part], order, insetRight: 1,
          ariaLabel: (d) => `${d.program}; ${t.target[d.part]}; ${f.count(d.n)}`})),
        Plot.text(rows, {frameAnchor: "left", y: label, dy: -23, textAnchor: "start", ariaHidden: "true",
          text: (r) => `${label(r)} (${t.unit[r.unit]}): ${t.exclusion.toLowerCase()} ${f.percent(r.exclusion_share)}, ${t.inclusion.toLowerCase()} ${f.percent(r.inclusion_share)}`})
      ]
    })
  });
}
