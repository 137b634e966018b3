// What every chart has: a caption, a drawing as wide as the page, and the same
// numbers as a table.
import {html} from "./html.js";

// Okabe and Ito's palette; blues and their opposite for amounts.
export const colors = {blue: "#0072B2", orange: "#E69F00", vermilion: "#D55E00", grey: "#9aa1ab"};

export function formats(locale) {
  const count = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, {style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1});
  const decimal = new Intl.NumberFormat(locale, {minimumFractionDigits: 3, maximumFractionDigits: 3});
  const day = new Intl.DateTimeFormat(locale, {dateStyle: "long", timeZone: "Asia/Jakarta"});
  const missing = (f) => (x) => (x === null || x === undefined ? "×" : f.format(x));
  return {count: missing(count), percent: missing(percent), decimal: missing(decimal), day: (x) => day.format(new Date(x))};
}

// Draws again when the width changes.
function responsive(render) {
  const box = html("div");
  let last = 0;
  new ResizeObserver(([entry]) => {
    const width = Math.floor(entry.contentRect.width);
    if (width > 0 && width !== last) {
      last = width;
      box.replaceChildren(render(Math.max(width, 300))); // below that it is scaled
    }
  }).observe(box);
  return box;
}

// chart(t, {id, caption, note, key, render, columns, rows}): render(width) gives
// the drawing; columns are [label, row => text]. No rows: says so instead.
export function chart(t, {id, caption, note, key, render, columns, rows}) {
  const figure = html("figure", {id, "data-chart": id}, html("figcaption", {}, caption));
  if (rows.length === 0) {
    figure.append(html("p", {class: "empty"}, t.none));
    return figure;
  }
  if (key) {
    figure.append(html("div", {class: "key"}, ...key.map(([color, label]) =>
      html("span", {}, html("i", {style: `background:${color}`}), label))));
  }
  figure.append(responsive(render));
  if (note) figure.append(html("p", {class: "hint"}, note));
  figure.append(html("details", {}, html("summary", {}, t.table), html("div", {}, html("table", {},
    html("thead", {}, html("tr", {}, ...columns.map(([label]) => html("th", {}, label)))),
    html("tbody", {}, ...rows.map((row) => html("tr", {}, ...columns.map(([, value]) => html("td", {}, value(row))))))))));
  return figure;
}

// Black or white, whichever is read better on a colour of a scale.
export function ink(share) {
  return share > 0.55 ? "white" : "#111";
}
