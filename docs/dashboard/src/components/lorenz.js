import * as Plot from "@observablehq/plot";
import {chart, colors} from "./frame.js";

export function lorenz(t, f, rows) {
  const editions = [...new Set(rows.map((r) => r.edition_name))];
  const fill = (edition) => (edition === editions.at(-1) ? colors.blue : colors.orange);
  const gini = (edition) => rows.find((r) => r.edition_name === edition).gini;
  return chart(t, {
    id: "lorenz", caption: t.lorenz, rows,
    key: editions.map((e) => [fill(e), `${t.edition} ${e}: ${t.gini} ${f.decimal(gini(e))}`]),
    columns: [[t.edition, (r) => r.edition_name], [t.people, (r) => f.percent(r.person_share)], [t.spending, (r) => f.percent(r.spending_share)]],
    render: (width) => {
      const size = Math.min(width, 440);
      return Plot.plot({
        width: size, height: size, marginLeft: 44, marginBottom: 40, marginRight: 12, ariaLabel: t.lorenz, style: {fontSize: "12px"},
        x: {domain: [0, 1], label: t.x, labelArrow: "none", labelAnchor: "center", percent: false, tickFormat: (x) => f.count(Math.round(x * 100))},
        y: {domain: [0, 1], label: t.y, labelArrow: "none", tickFormat: (x) => f.count(Math.round(x * 100)), grid: true},
        marks: [
          Plot.line([[0, 0], [1, 1]], {stroke: "#4b5563", strokeDasharray: "5 4", ariaHidden: "true"}),
          Plot.line(rows, {x: "person_share", y: "spending_share", z: "edition_name", stroke: (r) => fill(r.edition_name), strokeWidth: 2.5, ariaHidden: "true"}),
          Plot.dot(rows, {x: "person_share", y: "spending_share", r: 2.5, fill: (r) => fill(r.edition_name),
            ariaLabel: (r) => `${r.edition_name}; ${f.percent(r.person_share)}; ${f.percent(r.spending_share)}`})
        ]
      });
    }
  });
}
