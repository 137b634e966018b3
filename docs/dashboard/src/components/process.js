import * as Plot from "@observablehq/plot";
import {chart, colors} from "./frame.js";
import {html} from "./html.js";

const today = () => new Intl.DateTimeFormat("en-CA", {timeZone: "Asia/Jakarta"}).format(new Date());
const days = (to) => Math.round((Date.parse(to) - Date.parse(today())) / 86400000);

// The days are counted when the page is opened, not when it was built.
export function countdown(t, f, lang, rows) {
  const figure = html("figure", {id: "countdown", "data-chart": "countdown"}, html("figcaption", {}, t.cutOff));
  if (rows.length === 0) figure.append(html("p", {class: "empty"}, t.none));
  else {
    figure.append(html("dl", {class: "figures"}, ...rows.map((e) => {
      const n = days(e.cut_off_date);
      const left = n === 0 ? t.today : `${f.count(Math.abs(n))} ${n > 0 ? t.daysLeft : t.daysPast}`;
      return html("div", {}, html("dt", {}, `${t.edition} ${e.edition_name} · ${e[`label_${lang}`]}`),
        html("dd", {"data-days": n}, left, html("small", {}, `${f.day(e.cut_off_date)}; ${t.publishOn} ${f.day(e.publish_date)}`)));
    })));
  }
  return figure;
}

export function villages(t, f, rows) {
  const states = ["closed", "absent", "open"];
  const fills = {closed: colors.blue, absent: colors.orange, open: "#d7dbe0"};
  const parts = rows.flatMap((e) => states.map((s) => ({edition: e.edition_name, state: s, n: e[`${s}_village_count`]})));
  return chart(t, {
    id: "villages", caption: t.villages, rows: parts, key: states.map((s) => [fills[s], t.villageState[s]]),
    columns: [[t.edition, (d) => d.edition], ["", (d) => t.villageState[d.state]], [t.villageCount, (d) => f.count(d.n)]],
    render: (width) => Plot.plot({
      width, height: 30 * rows.length + 12, marginLeft: 70, marginTop: 4, marginBottom: 8, ariaLabel: t.villages,
      x: {axis: null}, y: {label: null, tickSize: 0}, style: {fontSize: "12px"},
      marks: [
        Plot.barX(parts, Plot.stackX({x: "n", y: "edition", fill: (d) => fills[d.state], order: (d) => states.indexOf(d.state), insetRight: 1,
          ariaLabel: (d) => `${d.edition}; ${t.villageState[d.state]}; ${f.count(d.n)}`})),
        Plot.text(parts, Plot.stackX({x: "n", y: "edition", order: (d) => states.indexOf(d.state), text: (d) => (d.n > 0 ? f.count(d.n) : ""),
          fill: (d) => (d.state === "closed" ? "white" : "#111"), ariaHidden: "true"}))
      ]
    })
  });
}

export function funnel(t, f, lang, rows) {
  const label = (r) => r[`label_${lang}`];
  const editions = [...new Set(rows.map((r) => r.edition_name))];
  const labels = [...new Map([...rows].sort((a, b) => a.sort_order - b.sort_order).map((r) => [label(r), true])).keys()];
  return chart(t, {
    id: "funnel", caption: t.funnel, rows, key: [[colors.blue, lang === "id" ? "berjalan" : "under way"], [colors.grey, lang === "id" ? "selesai" : "final"]],
    columns: [[t.edition, (r) => r.edition_name], [t.editionState, label], [t.count, (r) => f.count(r.proposal_count)]],
    render: (width) => Plot.plot({
      width, height: editions.length * (labels.length * 20 + 26) + 10, marginLeft: width < 560 ? 150 : 230, marginRight: 70, ariaLabel: t.funnel,
      x: {axis: null}, y: {label: null, domain: labels, tickSize: 0}, fy: {label: null, domain: editions, tickFormat: (e) => e}, style: {fontSize: width < 560 ? "10.5px" : "12px"},
      marks: [
        Plot.barX(rows, {x: (r) => r.proposal_count ?? 0, y: label, fy: "edition_name", fill: (r) => (r.is_final ? colors.grey : colors.blue),
          ariaLabel: (r) => `${r.edition_name}; ${label(r)}; ${f.count(r.proposal_count)}`}),
        Plot.text(rows, {x: (r) => r.proposal_count ?? 0, y: label, fy: "edition_name", text: (r) => f.count(r.proposal_count), textAnchor: "start", dx: 4, ariaHidden: "true"}),
        Plot.frame({stroke: "#e5e7eb"})
      ]
    })
  });
}

export function meetings(t, f, rows) {
  return chart(t, {
    id: "meetings", caption: t.meetings, rows,
    columns: [[t.district, (r) => r.kecamatan_name], [t.met, (r) => f.count(r.met_count)], [t.villageCount, (r) => f.count(r.village_count)]],
    render: (width) => Plot.plot({
      width, height: rows.length * 20 + 16, marginLeft: 130, marginRight: 60, marginTop: 4, marginBottom: 8, ariaLabel: t.meetings,
      x: {axis: null}, y: {label: null, domain: rows.map((r) => r.kecamatan_name), tickSize: 0}, style: {fontSize: "12px"},
      marks: [
        Plot.barX(rows, {x: "village_count", y: "kecamatan_name", fill: "#e5e7eb", ariaHidden: "true"}),
        Plot.barX(rows, {x: "met_count", y: "kecamatan_name", fill: colors.blue, ariaLabel: (r) => `${r.kecamatan_name}; ${f.count(r.met_count)}; ${f.count(r.village_count)}`}),
        Plot.text(rows, {x: "village_count", y: "kecamatan_name", text: (r) => `${f.count(r.met_count)} / ${f.count(r.village_count)}`, textAnchor: "start", dx: 4, ariaHidden: "true"})
      ]
    })
  });
}
