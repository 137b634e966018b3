// Opens the built dashboard in a browser and compares what is drawn with what
// the tables of the registry hold, counted here by other queries than the
// dashboard's. Prints TAP. node check.mjs ADDRESS LANGUAGE; NODE_PACKAGES is where
// npm put its packages, SHOTS a directory for screenshots.
import {execFileSync} from "node:child_process";
import {writeFileSync} from "node:fs";
import {open, pause} from "./browser.mjs";

const [address, lang] = process.argv.slice(2);
const locale = {id: "id-ID", en: "en-GB"}[lang];
let number = 0;
let failed = 0;
function ok(good, what, detail = "") {
  console.log(`${good ? "ok" : "not ok"} ${++number} - ${lang}: ${what}`);
  if (!good) {
    failed++;
    if (detail) console.log(String(detail).replace(/^/gm, "#   "));
  }
}
function same(have, want, what) {
  const [a, b] = [have, want].map((x) => JSON.stringify(x));
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  ok(a === b, what, `drawn: ...${a.slice(Math.max(0, i - 60), i + 90)}\nin SQL: ...${b.slice(Math.max(0, i - 60), i + 90)}`);
}
const sql = (query) => JSON.parse(execFileSync("psql", ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-c",
  `SELECT coalesce(json_agg(q), '[]') FROM (${query}) AS q`], {encoding: "utf8", maxBuffer: 1 << 28, env: {...process.env, PGOPTIONS: "-c search_path=public,dtsen"}}));
const count = (n) => (n === null ? "×" : new Intl.NumberFormat(locale).format(n));
const percent = (x) => (x === null ? "×" : new Intl.NumberFormat(locale, {style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1}).format(x));
const sorted = (rows) => rows.map((r) => JSON.stringify(r)).sort();

const charts = ["tiles", "deciles", "grid", "matrix", "kinds", "villages", "funnel", "meetings", "quality", "targeting", "lorenz"];
const browser = await open(new URL(address).origin);
try {
  await browser.size(1200, 900);
  await browser.go(address);
  // drawn: every chart has its marks, or the page has said why not
  const drawn = (ids) => ids.filter((id) => !document.querySelector(`#${id} svg [aria-label] [aria-label], #${id} svg g[aria-label] [aria-label]`) && !document.querySelector(`#${id} svg [aria-label*=";"]`));
  let missing = charts;
  for (let i = 0; i < 300 && missing.length > 0; i++) {
    await pause(100);
    missing = await browser.evaluate(drawn, charts).catch(() => charts);
  }
  same(missing, [], "every chart is drawn");
  await pause(500);

  // marks(id): of each mark its label, split, with its rectangle or its centre
  const marks = (id) => browser.evaluate((chart) => [...document.querySelectorAll(`#${chart} svg [aria-label*=";"]`)].map((e) => ({
    label: e.getAttribute("aria-label").split("; "), fill: getComputedStyle(e).fill,
    ...Object.fromEntries(["x", "y", "width", "height", "cx", "cy"].map((a) => [a, e.hasAttribute(a) ? Number(e.getAttribute(a)) : null]))})), id);
  const labels = (list) => sorted(list.map((m) => m.label));
  // bars are as long as their numbers say: within half a pixel, and 1 for the inset
  const proportional = (list, value, what) => {
    const bars = list.map((m, i) => [m.width, value(m, i)]).filter(([, v]) => v > 0);
    const unit = Math.max(...bars.map(([w, v]) => w / v));
    ok(bars.length > 0 && bars.every(([w, v]) => Math.abs(w - v * unit) <= 1.6), what, JSON.stringify(bars));
  };
  const plain = (s) => (s === "×" ? 0 : Number(s.replace(/[^0-9]/g, "")));
  const decile = (o) => (o === 11 ? "–" : String(o));
  const edition = sql("SELECT id, name FROM bekasi.edisi WHERE state = 'terbit' ORDER BY published_at DESC LIMIT 1")[0];
  const word = {id: {desil: "desil", none: "belum diperingkat"}, en: {desil: "decile", none: "not ranked"}}[lang];
  const labelled = `label_${lang}`;

  // the page shows no number of a person and no error
  const body = await browser.evaluate(() => document.body.textContent);
  same(await browser.evaluate(() => {
    const found = [];
    const texts = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) if (/\d{13}/.test(texts.currentNode.data) && texts.currentNode.parentNode.localName !== "script") found.push(texts.currentNode.data);
    return found;
  }), [], "nothing is shown that could be the number of a person");
  ok(!/undefined|NaN|\bnull\b|\[object/.test(body), "nothing undefined is shown", body.match(/.{40}(undefined|NaN|null|\[object).{20}/)?.[0]);
  ok(body.includes(edition.name), "the page names its edition");
  same(await browser.evaluate(() => document.documentElement.lang), lang, "the page says its language");

  // deciles, in each scope
  for (const scope of ["nasional", "provinsi", "kabupaten"]) {
    if (scope !== "nasional") {
      await browser.evaluate((s) => {
        const select = document.querySelector("#scope");
        select.value = s;
        select.dispatchEvent(new Event("change"));
      }, scope);
      for (let i = 0; i < 100 && (await browser.evaluate(drawn, ["tiles", "grid", "deciles", "matrix", "kinds"])).length > 0; i++) await pause(100);
    }
    // each cell by the table; which of them are hidden is the view's to say, and
    // that none below 5 is shown is checked here
    const cells = sql(`SELECT left(d.wilayah::text, 6) AS code, w.nama AS name, coalesce(d.desil_${scope}, 11) AS o, count(*) AS n
      FROM bekasi.desil AS d JOIN bekasi.wilayah AS w ON w.kode::text = left(d.wilayah::text, 6) WHERE d.edisi_id = ${edition.id} GROUP BY 1, 2, 3 ORDER BY 1, 3`);
    const hidden = new Set(sql(`SELECT kecamatan_code || sort_order AS k FROM bekasi_bi.desil_by_kecamatan
      WHERE publication_id = ${edition.id} AND scope = '${scope}' AND is_suppressed`).map((r) => r.k));
    ok(hidden.size > 0 && cells.every((c) => c.n >= 5 || hidden.has(c.code + c.o)), `${scope}: some cells are small, and they are hidden`);
    const shown = cells.map((c) => ({...c, n: hidden.has(c.code + c.o) ? null : c.n}));
    same(labels(await marks("grid")), sorted(shown.map((c) => [c.name, decile(c.o), count(c.n)])), `${scope}: families by district and decile`);
    const bars = await marks("deciles");
    const totals = Array.from({length: 11}, (_, i) => shown.filter((c) => c.o === i + 1)).filter((l) => l.length > 0)
      .map((l) => [l[0].o === 11 ? word.none : `${word.desil} ${l[0].o}`, count(l.reduce((n, c) => n + (c.n ?? 0), 0))]);
    same(labels(bars), sorted(totals), `${scope}: families by decile`);
    proportional(bars, (m) => plain(m.label[1]), `${scope}: bars as long as their numbers`);
    const shares = [...new Set(shown.map((c) => c.code))].map((code) => {
      const of = shown.filter((c) => c.code === code);
      const sum = (l) => l.reduce((n, c) => n + (c.n ?? 0), 0);
      const ranked = sum(of.filter((c) => c.o <= 10));
      const share = ranked > 0 ? sum(of.filter((c) => c.o <= 5)) / ranked : null;
      return {name: of[0].name, share, text: (of.some((c) => c.n === null) && share !== null ? "≈ " : "") + percent(share)};
    });
    const tiles = await marks("tiles");
    same(labels(tiles), sorted(shares.map((s) => [s.name, s.text])), `${scope}: a tile a district, with its share`);
    const light = (m) => m.fill.match(/\d+/g).slice(0, 3).reduce((n, c) => n + Number(c), 0);
    const byShare = tiles.map((m) => [shares.find((s) => s.name === m.label[0]).share, light(m)]).filter(([s]) => s !== null).sort((a, b) => a[0] - b[0]);
    ok(byShare.length > 2 && byShare.every(([, l], i) => i === 0 || l <= byShare[i - 1][1]), `${scope}: the poorer, the darker`, JSON.stringify(byShare));

    const moves = sql(`SELECT coalesce(o.desil_${scope}, 11) AS a, coalesce(n.desil_${scope}, 11) AS b, n.desil_${scope} - o.desil_${scope} AS change, count(*) AS n
      FROM bekasi.desil AS o JOIN bekasi.desil AS n USING (keluarga_id) WHERE n.edisi_id = ${edition.id} AND o.edisi_id = ${edition.id} - 1 GROUP BY 1, 2, 3`);
    const away = new Set(sql(`SELECT coalesce(from_desil, 11) || ' ' || coalesce(to_desil, 11) AS k FROM bekasi_bi.movement_by_kabupaten
      WHERE publication_id = ${edition.id} AND scope = '${scope}' AND is_suppressed`).map((r) => r.k));
    const told = moves.map((m) => ({...m, n: away.has(`${m.a} ${m.b}`) ? null : m.n}));
    ok(told.every((m) => m.n === null || m.n >= 5), `${scope}: no small movement is shown`);
    same(labels(await marks("matrix")), sorted(told.map((m) => [decile(m.a), decile(m.b), count(m.n)])), `${scope}: movement from decile to decile`);
    const classes = [(c) => c <= -7, (c) => c > -7 && c <= -4, (c) => c > -4 && c < 0, (c) => c === 0, (c) => c > 0 && c < 4, (c) => c >= 4 && c < 7, (c) => c >= 7];
    const kinds = await marks("kinds");
    same(kinds.sort((a, b) => a.y - b.y).map((m) => m.label[1]), classes.map((is) => count(told.filter((m) => m.change !== null && is(m.change)).reduce((n, m) => n + (m.n ?? 0), 0))),
      `${scope}: movement by its kind`);
    proportional(kinds, (m) => plain(m.label[1]), `${scope}: their bars`);
  }

  // the process
  const funnel = await marks("funnel");
  const states = sql(`SELECT e.name, s.${labelled} AS label, count(*) AS n FROM bekasi.usulan AS u JOIN bekasi.edisi AS e ON e.id = u.edisi_id
    JOIN bekasi.state AS s ON s.machine = 'usulan' AND s.state = u.state WHERE e.state <> 'terbit' OR e.id = ${edition.id} GROUP BY 1, 2`);
  const funnelHidden = new Set(sql(`SELECT edition_name || ${labelled} AS k FROM bekasi_bi.usulan_by_state WHERE is_suppressed`).map((r) => r.k));
  same(labels(funnel), sorted(states.map((s) => [s.name, s.label, count(funnelHidden.has(s.name + s.label) ? null : s.n)])), "proposals by state");
  ok(states.some((s) => s.n < 5) && states.every((s) => s.n >= 5 || funnelHidden.has(s.name + s.label)), "few proposals are hidden");
  proportional(funnel, (m) => plain(m.label[2]), "their bars");
  same(await browser.evaluate(() => [...document.querySelectorAll("#countdown [data-days]")].map((e) => Number(e.dataset.days))),
    sql("SELECT (cut_off_at AT TIME ZONE 'Asia/Jakarta')::date - (now() AT TIME ZONE 'Asia/Jakarta')::date AS d FROM bekasi.edisi WHERE state <> 'terbit' ORDER BY cut_off_at").map((r) => r.d), "days to the cut-off");
  const villages = await marks("villages");
  const done = sql(`SELECT e.name, count(*) FILTER (WHERE d.is_absent = false) AS closed, count(*) FILTER (WHERE d.is_absent) AS absent, count(*) FILTER (WHERE d.wilayah IS NULL) AS open
    FROM bekasi.edisi AS e JOIN bekasi.wilayah AS w ON w.level = 4 AND w.status = 'present' AND w.kode::text LIKE '3216%'
    LEFT JOIN bekasi.desa_tutup AS d ON d.edisi_id = e.id AND d.wilayah = w.kode WHERE e.state <> 'terbit' GROUP BY 1 ORDER BY 1`);
  same(sorted(villages.map((m) => [m.label[0], m.label[2]])), sorted(done.flatMap((d) => [d.closed, d.absent, d.open].map((n) => [d.name, count(n)]))), "villages that are done");
  proportional(villages, (m) => plain(m.label[2]), "their parts of the bar");
  same(labels(await marks("meetings")), sorted(sql(`SELECT w.nama AS name, count(DISTINCT v.kode) FILTER (WHERE m.held_on >= CURRENT_DATE - interval '3 months') AS met, count(DISTINCT v.kode) AS n
    FROM (SELECT DISTINCT wilayah::text AS kode FROM bekasi.keluarga) AS v JOIN bekasi.wilayah AS w ON w.kode::text = left(v.kode, 6)
    LEFT JOIN bekasi.musyawarah AS m ON m.wilayah::text = v.kode AND m.state = 'sah' GROUP BY w.nama`).map((r) => [r.name, count(r.met), count(r.n)])), "villages that met");

  // quality and errors of programmes
  const share = (part, whole) => (whole < 5 || (part > 0 && part < 5) || (whole - part > 0 && whole - part < 5) ? null : part / whole);
  const quality = await marks("quality");
  const names = {id: ["akurasi", "kelengkapan", "kemutakhiran"], en: ["accuracy", "completeness", "currency"]}[lang];
  same(labels(quality), sorted(sql(`SELECT w.nama AS name, count(*)::integer AS n, count(*) FILTER (WHERE p.verdict = 'agree') AS agreed,
      sum((a.tanggal_lahir IS NOT NULL)::integer + (a.jenis_kelamin IS NOT NULL)::integer) AS filled, count(*) FILTER (WHERE a.changed_at > now() - interval '80 days') AS recent
    FROM bekasi.anggota AS a JOIN bekasi.wilayah AS w ON w.kode::text = left(a.wilayah::text, 6) JOIN bekasi.pemadanan_result AS r ON r.anggota_id = a.id
    JOIN bekasi.padan_status AS p ON p.status = r.status GROUP BY w.nama`).flatMap((r) => [share(r.agreed, r.n), share(r.filled, 15 * r.n), share(r.recent, r.n)].map((v, i) => [r.name, names[i], percent(v)]))), "quality of every district");
  const targeting = await marks("targeting");
  const programmes = sql(`SELECT p.${labelled} AS label, p.program, count(*) FILTER (WHERE ok AND k.id IS NOT NULL) AS reached, count(*) FILTER (WHERE ok AND k.id IS NULL) AS missed,
      count(*) FILTER (WHERE NOT ok AND k.id IS NOT NULL) AS outside
    FROM bekasi.program AS p JOIN bekasi.program_rule AS r USING (program) CROSS JOIN bekasi.desil AS d
    CROSS JOIN LATERAL (SELECT coalesce(d.desil_nasional <= r.desil_to, false) AS ok) AS x
    LEFT JOIN bekasi.kepesertaan AS k ON k.program = p.program AND k.keluarga_id = d.keluarga_id WHERE d.edisi_id = ${edition.id} GROUP BY 1, 2`);
  const small = (p) => [p.reached, p.missed, p.outside].some((n) => n > 0 && n < 5);
  ok(programmes.some(small) && !programmes.every(small), "of the programmes, one has few recipients");
  same(sorted(targeting.map((m) => [m.label[0], m.label[2]])), sorted(programmes.flatMap((p) => [p.reached, p.missed, p.outside].map((n) => [p.label, count(small(p) ? null : n)]))), "who is reached, missed and outside");
  proportional(targeting, (m) => plain(m.label[2]), "their bars");
  const words = await browser.evaluate(() => document.querySelector("#targeting").textContent);
  ok(programmes.filter((p) => !small(p)).every((p) => words.includes(percent(p.missed / (p.reached + p.missed))) && words.includes(percent(p.outside / (p.reached + p.outside)))), "the shares of both errors");

  // the curve: of each published edition, by sharing out the family across a point
  const curve = sql(`WITH c AS (SELECT e.name, d.skor, d.person_count AS w, sum(d.person_count) OVER o - d.person_count AS before, sum(d.person_count) OVER p AS all_w, sum(d.person_count * d.skor) OVER p AS all_s
      FROM bekasi.desil AS d JOIN bekasi.edisi AS e ON e.id = d.edisi_id AND e.state = 'terbit' WHERE d.skor IS NOT NULL
      WINDOW p AS (PARTITION BY e.id), o AS (PARTITION BY e.id ORDER BY d.skor, d.keluarga_id ROWS UNBOUNDED PRECEDING))
    SELECT name, k / 20.0 AS x, sum(skor * greatest(0, least(w, k / 20.0 * all_w - before))) / min(all_s) AS y FROM c, generate_series(0, 20) AS k GROUP BY 1, 2`);
  const points = await marks("lorenz");
  same(labels(points), sorted(curve.map((p) => [p.name, percent(p.x), percent(p.y)])), "the points of the Lorenz curve");
  const at = (m) => curve.find((p) => p.name === m.label[0] && percent(p.x) === m.label[1]);
  const [zero, one] = [points.find((m) => at(m).x === 0), points.find((m) => at(m).x === 1)];
  ok(points.every((m) => Math.abs(m.cx - zero.cx - at(m).x * (one.cx - zero.cx)) < 0.5 && Math.abs(m.cy - zero.cy - at(m).y * (one.cy - zero.cy)) < 0.5), "they lie where they belong");

  // tables beside the charts, readable without a mouse; and small screens
  same(await browser.evaluate((ids) => ids.filter((id) => !document.querySelector(`#${id} details table tbody td`)), charts), [], "every chart has its table");
  for (const [width, name] of [[1200, "desktop"], [390, "phone"]]) {
    await browser.size(width, 900);
    await pause(1200);
    ok(await browser.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${name}: nothing is wider than the screen`);
    same(await browser.evaluate(() => [...document.querySelectorAll("figure svg")].filter((svg) => {
      const box = svg.getBoundingClientRect();
      return [...svg.querySelectorAll("text")].some((e) => {
        const t = e.getBoundingClientRect();
        return t.width > 0 && (t.right > window.innerWidth + 1 || t.left < -1 || t.bottom > box.bottom + 3 || t.top < box.top - 3);
      });
    }).map((svg) => svg.closest("figure").id)), [], `${name}: no text is cut off`);
    if (process.env.SHOTS) writeFileSync(`${process.env.SHOTS}/${lang}-${name}.png`, await browser.screenshot());
  }
  same(browser.complaints, [], "no error on the console, no request that failed or went elsewhere");
} catch (error) {
  ok(false, "the check runs to its end", `${error.stack}\n${browser.complaints.join("\n")}`);
} finally {
  await browser.close();
}
process.exit(failed === 0 ? 0 : 1);
