// The questions and the metadata of the views through node's pg.
// node client.js QUERIES ANSWERS METADATA, with TZ=Asia/Jakarta
const fs = require('fs');
const { Client, types } = require('pg');

const words = { 1043: 'VARCHAR', 23: 'INTEGER', 20: 'BIGINT', 1700: 'NUMERIC', 701: 'DOUBLE', 16: 'BOOLEAN', 1082: 'DATE', 1184: 'TIMESTAMP' };
// pg makes a Date at local midnight of a day; a day is text here
types.setTypeParser(1082, (day) => day);
const two = (n) => String(n).padStart(2, '0');
const text = (v) => {
  if (v === null) return '\\N';
  if (typeof v === 'boolean') return v ? 't' : 'f';
  if (v instanceof Date) {
    return `${v.getFullYear()}-${two(v.getMonth() + 1)}-${two(v.getDate())} ${two(v.getHours())}:${two(v.getMinutes())}:${two(v.getSeconds())}`;
  }
  return String(v);
};

(async () => {
  const [queries, answers, metadata] = process.argv.slice(2);
  const db = new Client({ host: '127.0.0.1' });
  await db.connect();
  await db.query("SET TimeZone = 'Asia/Jakarta'");
  let out = '';
  for (const line of fs.readFileSync(queries, 'utf8').split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name, values, query] = line.match(/^([^|]*)\|([^|]*)\|(.*)$/);
    const { rows } = await db.query({ text: query, values: values ? values.split(',') : [], rowMode: 'array' });
    out += `== ${name}\n` + rows.map((row) => row.map(text).join('|') + '\n').join('');
  }
  fs.writeFileSync(answers, out);
  let about = '';
  const views = await db.query("SELECT table_name FROM information_schema.views WHERE table_schema = 'bekasi_bi'");
  for (const { table_name: view } of views.rows) {
    for (const f of (await db.query(`SELECT * FROM bekasi_bi."${view}" LIMIT 0`)).fields) {
      const size = f.dataTypeID === 1043 ? f.dataTypeModifier - 4
        : f.dataTypeID === 1700 ? (f.dataTypeModifier - 4) >> 16 : 1;
      about += `${view}|${f.name}|${words[f.dataTypeID] || 'OTHER'}|${size}|\n`;
    }
  }
  fs.writeFileSync(metadata, about);
  await db.end();
})().catch((error) => { console.error(error.message); process.exit(1); });
