// Renders pages of rustdoc in Chromium and tells what is wrong with them:
//
//     node check.mjs FOLDER PICTURES PAGE...
//
// FOLDER is rustdoc's output, each PAGE a file in it. Where PICTURES is not `-`,
// a picture of each page's drawing in each theme and width is put into that folder. Speaks
// the browser's own protocol, so that nothing has to be installed but Node
// and Chromium (`CHROMIUM` names another program).
import { spawn } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const THEMES = ["light"];
const WIDTHS = [700];

// Runs in the page: everything that is wrong, as text.
function inspect() {
  const wrong = [];
  const room = document.documentElement;
  if (room.scrollWidth > room.clientWidth) {
    wrong.push(`the page is ${room.scrollWidth} wide, but its window ${room.clientWidth}`);
  }
  const inside = (inner, outer, slack) =>
    inner.left >= outer.left - slack && inner.right <= outer.right + slack &&
    inner.top >= outer.top - slack && inner.bottom <= outer.bottom + slack;
  const drawings = [...document.querySelectorAll("svg.shapewise")];
  if (drawings.length !== 2) wrong.push(`${drawings.length} drawings instead of 2`);
  for (const svg of drawings) {
    const whole = svg.getBoundingClientRect();
    if (!svg.querySelector("title")?.textContent) wrong.push("a drawing has no title");
    if (!svg.querySelector("desc")?.textContent) wrong.push("a drawing has no description");
    const boxes = [...svg.querySelectorAll("rect")].map((rect) => rect.getBoundingClientRect());
    for (const shape of svg.querySelectorAll("text, rect, path")) {
      if (!inside(shape.getBoundingClientRect(), whole, 1)) {
        wrong.push(`${shape.outerHTML} leaves the drawing`);
      }
    }
    // A text belongs to the smallest box in which it begins.
    for (const text of svg.querySelectorAll("text")) {
      const own = text.getBoundingClientRect();
      const [x, y] = [(own.left + own.right) / 2, (own.top + own.bottom) / 2];
      const around = boxes
        .filter((box) => box.left < x && x < box.right && box.top < y && y < box.bottom)
        .sort((a, b) => a.width * a.height - b.width * b.height)[0];
      if (around && !inside(own, around, 1)) wrong.push(`${text.outerHTML} leaves its box`);
      const size = parseFloat(getComputedStyle(text).fontSize) * (whole.width / svg.viewBox.baseVal.width);
      if (size < 7) wrong.push(`${text.outerHTML} has letters of ${size} px`);
      // Texts are read against the page: its colour must be another.
      if (getComputedStyle(text).fill === getComputedStyle(document.body).backgroundColor) {
        wrong.push(`${text.outerHTML} has the colour of the page`);
      }
    }
    const texts = [...svg.querySelectorAll("text")];
    const places = texts.map((text) => text.getBoundingClientRect());
    for (let i = 0; i < places.length; i++) {
      for (let j = i + 1; j < places.length; j++) {
        const [a, b] = [places[i], places[j]];
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 2 && high > Math.min(a.height, b.height) / 2) {
          wrong.push(`${texts[i].outerHTML} lies over ${texts[j].outerHTML}`);
        }
      }
    }
    for (const link of svg.querySelectorAll("a")) {
      const target = link.getAttribute("href");
      if (!target?.startsWith("#") || !document.getElementById(target.slice(1))) {
        wrong.push(`the link ${target} leads nowhere`);
      }
    }
  }
  for (const link of document.querySelectorAll(".docblock a[href^='#']")) {
    if (!document.getElementById(decodeURIComponent(link.getAttribute("href").slice(1)))) {
      wrong.push(`the link ${link.getAttribute("href")} leads nowhere`);
    }
  }
  return wrong;
}

// A connection to the browser: `send` a command, `on` an event.
async function browser(profile) {
  const program = process.env.CHROMIUM ?? "chromium";
  const flags = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--allow-file-access-from-files", "--hide-scrollbars",
    `--user-data-dir=${profile}`, "--remote-debugging-pipe", "about:blank",
  ];
  // Commands go in at 3 and answers come out at 4, a zero after each.
  const child = spawn(program, flags, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const [, , , input, output] = child.stdio;
  const gone = (why) => {
    console.error(`${program}: ${why}`);
    process.exit(2);
  };
  child.on("error", (error) => gone(error.message));
  let closing = false;
  child.on("exit", (status) => closing || gone(`ended with ${status}`));
  const waiting = new Map();
  const listeners = [];
  let count = 0;
  const receive = (message) => {
    if (message.id === undefined) return listeners.forEach((listener) => listener(message));
    const { done, failed } = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error) failed(new Error(JSON.stringify(message.error)));
    else done(message.result);
  };
  let rest = "";
  output.setEncoding("utf8");
  output.on("data", (text) => {
    const messages = (rest + text).split("\0");
    rest = messages.pop();
    messages.forEach((message) => receive(JSON.parse(message)));
  });
  const send = (method, params = {}, sessionId) =>
    new Promise((done, failed) => {
      count += 1;
      waiting.set(count, { done, failed });
      input.write(JSON.stringify({ id: count, method, params, sessionId }) + "\0");
    });
  const close = async () => {
    closing = true;
    const ended = new Promise((end) => child.on("exit", end));
    await send("Browser.close").catch(() => child.kill());
    await ended;
  };
  return { send, close, on: (listener) => listeners.push(listener) };
}

// Opens a page; gives what is wrong with it.
async function check({ send, on }, file, theme, width, picture) {
  const { targetId } = await send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  const tell = (method, params) => send(method, params, sessionId);
  const wrong = [];
  let loaded;
  const load = new Promise((done) => (loaded = done));
  on((message) => {
    if (message.sessionId !== sessionId) return;
    const { method, params } = message;
    if (method === "Page.loadEventFired") loaded();
    if (method === "Runtime.exceptionThrown") wrong.push(params.exceptionDetails.text);
    if (method === "Log.entryAdded" && params.entry.level === "error") wrong.push(params.entry.text);
    if (method === "Runtime.consoleAPICalled" && params.type === "error") {
      wrong.push(params.args.map((arg) => arg.value ?? arg.description).join(" "));
    }
  });
  for (const domain of ["Page", "Runtime", "Log"]) await tell(`${domain}.enable`);
  await tell("Emulation.setDeviceMetricsOverride", {
    width, height: 900, deviceScaleFactor: 1, mobile: false,
  });
  const settings = `localStorage.setItem("rustdoc-use-system-theme", "false");
    localStorage.setItem("rustdoc-theme", ${JSON.stringify(theme)});`;
  await tell("Page.addScriptToEvaluateOnNewDocument", { source: settings });
  await tell("Page.navigate", { url: pathToFileURL(file).href });
  await load;
  const { result } = await tell("Runtime.evaluate", {
    expression: `(${inspect})()`, returnByValue: true,
  });
  if (Array.isArray(result.value)) wrong.push(...result.value);
  else wrong.push(`the page could not be inspected: ${result.description}`);
  const themed = await tell("Runtime.evaluate", {
    expression: "document.documentElement.dataset.theme", returnByValue: true,
  });
  if (themed.result.value !== theme) wrong.push(`the theme is ${themed.result.value}`);
  if (picture) {
    const { result } = await tell("Runtime.evaluate", {
      expression: `(() => {
        const box = document.querySelector("svg.shapewise").getBoundingClientRect();
        return { x: 0, y: box.top + scrollY - 60, width: innerWidth, height: box.height + 500, scale: 1 };
      })()`,
      returnByValue: true,
    });
    const { data } = await tell("Page.captureScreenshot", {
      captureBeyondViewport: true, clip: result.value,
    });
    writeFileSync(picture, Buffer.from(data, "base64"));
  }
  await send("Target.closeTarget", { targetId });
  return wrong;
}

const [folder, pictures, ...pages] = process.argv.slice(2);
if (!pages.length) {
  console.error("usage: node check.mjs FOLDER PICTURES PAGE...");
  process.exit(2);
}
if (pictures !== "-") mkdirSync(pictures, { recursive: true });
const profile = mkdtempSync(join(tmpdir(), "page-"));
const chromium = await browser(profile);
let failures = 0;
try {
  for (const page of pages) {
    for (const theme of THEMES) {
      for (const width of WIDTHS) {
        const name = basename(page, ".html").replace("struct.", "");
        const picture = pictures === "-" ? null : join(pictures, `${name}-${theme}-${width}.png`);
        const wrong = await check(chromium, resolve(folder, page), theme, width, picture);
        for (const what of wrong) console.log(`${page}, ${theme}, ${width} px: ${what}`);
        failures += wrong.length;
      }
    }
  }
} finally {
  await chromium.close();
  rmSync(profile, { recursive: true, force: true });
}
console.log(`${pages.length} pages, ${failures} things wrong`);
process.exit(failures ? 1 : 0);
