// A headless Chromium by the DevTools protocol. What it complains about, and
// every request that fails or leaves this machine, is collected.
import {spawn} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync, existsSync} from "node:fs";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {join} from "node:path";

const WebSocket = createRequire(join(process.env.NODE_PACKAGES, "x.js"))("ws");
export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export async function open(origin) {
  const profile = mkdtempSync(join(tmpdir(), "dtsen-chromium."));
  const chromium = spawn(process.env.CHROMIUM ?? "chromium", ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--no-proxy-server",
    `--user-data-dir=${profile}`, "--remote-debugging-port=0", "about:blank"], {stdio: "ignore", env: {...process.env, HOME: profile}});
  let ended;
  chromium.on("error", (error) => (ended = error.message));
  chromium.on("exit", (code) => (ended ??= `it ended with ${code}`));
  const close = async () => {
    chromium.kill("SIGTERM");
    for (let i = 0; i < 50 && ended === undefined; i++) await pause(100);
    if (ended === undefined) chromium.kill("SIGKILL");
    rmSync(profile, {recursive: true, force: true, maxRetries: 5});
  };
  const file = join(profile, "DevToolsActivePort");
  for (let i = 0; i < 600 && !existsSync(file) && ended === undefined; i++) await pause(100);
  if (ended !== undefined || !existsSync(file)) {
    await close();
    throw new Error(`chromium does not start: ${ended ?? "no port within a minute"}`);
  }
  await pause(200);
  const port = readFileSync(file, "utf8").split("\n")[0];
  const target = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()).find((x) => x.type === "page");
  const socket = new WebSocket(target.webSocketDebuggerUrl, {perMessageDeflate: false, maxPayload: 1 << 28});
  await new Promise((done, failed) => socket.once("open", done).once("error", failed));

  let last = 0;
  const waiting = new Map();
  const urls = new Map();
  const complaints = [];
  socket.on("message", (data) => {
    const {id, result, error, method, params} = JSON.parse(data);
    if (id) {
      const {done, failed} = waiting.get(id);
      waiting.delete(id);
      if (error) failed(new Error(error.message));
      else done(result);
    } else if (method === "Runtime.exceptionThrown") {
      complaints.push(`exception: ${params.exceptionDetails.exception?.description ?? params.exceptionDetails.text}`);
    } else if (method === "Runtime.consoleAPICalled" && ["error", "warning", "assert"].includes(params.type)) {
      complaints.push(`console ${params.type}: ${params.args.map((a) => a.value ?? a.description).join(" ")}`);
    } else if (method === "Log.entryAdded" && ["error", "warning"].includes(params.entry.level)) {
      complaints.push(`log: ${params.entry.text} ${params.entry.url ?? ""}`);
    } else if (method === "Network.requestWillBeSent") {
      urls.set(params.requestId, params.request.url);
      if (!/^(data|blob|about):/.test(params.request.url) && !params.request.url.startsWith(origin)) complaints.push(`request elsewhere: ${params.request.url}`);
    } else if (method === "Network.loadingFailed" && !params.canceled) {
      complaints.push(`request failed: ${params.errorText} ${urls.get(params.requestId)}`);
    } else if (method === "Network.responseReceived" && params.response.status >= 400) {
      complaints.push(`request answered ${params.response.status}: ${params.response.url}`);
    }
  });
  const send = (method, params = {}) => new Promise((done, failed) => {
    waiting.set(++last, {done, failed});
    socket.send(JSON.stringify({id: last, method, params}));
  });
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await send(`${domain}.enable`);

  // evaluate(function, ...arguments): what it returns in the page
  const evaluate = async (code, ...args) => {
    const {result, exceptionDetails} = await send("Runtime.evaluate",
      {expression: `(${code})(...${JSON.stringify(args)})`, returnByValue: true, awaitPromise: true});
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  return {
    complaints, evaluate, send, close,
    size: (width, height) => send("Emulation.setDeviceMetricsOverride", {width, height, deviceScaleFactor: 1, mobile: width < 600}),
    go: (url) => send("Page.navigate", {url}),
    screenshot: async () => Buffer.from((await send("Page.captureScreenshot", {format: "png", captureBeyondViewport: true})).data, "base64")
  };
}
