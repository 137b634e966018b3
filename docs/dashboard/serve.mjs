// Serves a built dashboard on this machine only: browsers do not run modules of
// files. node serve.mjs DIRECTORY [PORT]; port 0 takes any that is free.
import {createReadStream, statSync} from "node:fs";
import {createServer} from "node:http";
import {extname, join, normalize, resolve} from "node:path";

const [directory, port = "8316"] = process.argv.slice(2);
if (!directory || !/^\d+$/.test(port)) {
  console.error("usage: node serve.mjs DIRECTORY [PORT]");
  process.exit(2);
}
const root = resolve(directory);
const types = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml"};

const server = createServer((request, response) => {
  try {
    let path = join(root, normalize("/" + decodeURIComponent(new URL(request.url, "http://x").pathname)));
    if (path.endsWith("/")) path += "index.html";
    else if (!extname(path)) path += ".html";
    const {size} = statSync(path);
    response.writeHead(200, {"Content-Type": types[extname(path)] ?? "application/octet-stream", "Content-Length": size});
    createReadStream(path).pipe(response);
  } catch {
    response.writeHead(404).end();
  }
});
server.on("error", (error) => {
  console.error(`serve.mjs: ${error.code === "EADDRINUSE" ? `port ${port} is in use, name another` : error.message}`);
  process.exit(1);
});
server.listen(Number(port), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/`));
