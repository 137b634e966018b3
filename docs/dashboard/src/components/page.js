// The page, in the language asked for.
import {FileAttachment} from "observablehq:stdlib";
import {bars, grid, tiles} from "./deciles.js";
import {formats} from "./frame.js";
import {html} from "./html.js";
import {lorenz} from "./lorenz.js";
import {kinds, matrix} from "./movement.js";
import {countdown, funnel, meetings, villages} from "./process.js";
import {quality} from "./quality.js";
import {targeting} from "./targeting.js";
import {text} from "./text.js";

const read = async () => ({
  edition: await FileAttachment("../data/edition.json").json(),
  deciles: await FileAttachment("../data/deciles.json").json(),
  movement: await FileAttachment("../data/movement.json").json(),
  funnel: await FileAttachment("../data/funnel.json").json(),
  cutoff: await FileAttachment("../data/cutoff.json").json(),
  meetings: await FileAttachment("../data/meetings.json").json(),
  quality: await FileAttachment("../data/quality.json").json(),
  targeting: await FileAttachment("../data/targeting.json").json(),
  lorenz: await FileAttachment("../data/lorenz.json").json()
});

function section(title, words, ...content) {
  return html("section", {}, html("h2", {}, title), html("p", {}, words), ...content);
}

const pair = (...charts) => html("div", {class: "pair"}, ...charts);

export async function page(lang) {
  const data = await read();
  const t = text[lang];
  const f = formats(t.locale);
  document.documentElement.lang = lang;
  const published = data.edition.filter((e) => e.is_published).at(-1);
  const about = published ?? data.edition[0];

  const scope = html("select", {id: "scope"}, ...Object.entries(t.scopes).map(([value, label]) => html("option", {value}, label)));
  const deciles = html("div");
  const movement = html("div");
  const draw = () => {
    const of = (rows) => rows.filter((r) => r.scope === scope.value);
    deciles.replaceChildren(tiles(t, f, of(data.deciles)), bars(t, f, of(data.deciles)), grid(t, f, of(data.deciles)));
    movement.replaceChildren(pair(matrix(t, f, of(data.movement)), kinds(t, f, of(data.movement))));
  };
  scope.addEventListener("change", draw);
  draw();

  return html("div", {class: "dashboard", lang},
    html("header", {}, html("h1", {}, `${t.title}: ${about?.kabupaten_name ?? ""}`), html("nav", {}, html("a", {href: t.otherPage}, t.other))),
    html("p", {}, published
      ? `${t.edition} ${published.edition_name}, ${t.published} ${f.day(published.published_at)}. ${t.dataOf} ${f.day(published.read_at)}; ${t.digest} ${published.digest}…`
      : t.none),
    section(t.hDeciles, t.pDeciles, html("label", {}, `${t.scope} `, scope), deciles),
    section(t.hMovement, t.pMovement, movement),
    section(t.hProcess, t.pProcess, countdown(t, f, lang, data.cutoff), villages(t, f, data.cutoff), pair(funnel(t, f, lang, data.funnel), meetings(t, f, data.meetings))),
    section(t.hQuality, t.pQuality, quality(t, f, data.quality)),
    section(t.hTargeting, t.pTargeting, targeting(t, f, lang, data.targeting)),
    section(t.hLorenz, t.pLorenz, lorenz(t, f, data.lorenz)),
    html("p", {class: "hint"}, t.foot));
}
