// The studio's page: it asks the server for tags and items, and asks again whenever feeds.yaml was saved.
"use strict";

const SHOWS = [["given", "Given"], ["nearly", "Nearly given"], ["changed", "Changed by the last edit"], ["all", "All"]];
const $ = (id) => document.getElementById(id);
const opened = new Set();  // the tags whose children are shown
let known = { tags: [] };  // what the server last said of the tags
let tag = "";
let show = "given";
let asked = 0;  // counts the questions for items, so that a late answer does not replace a newer one
let tried = 0;

/** Make an element with its attributes and children; texts are put in as texts, never as HTML. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== ""));
  return element;
}

async function ask(path, values) {
  const answer = await fetch(`${path}?${new URLSearchParams(values)}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

/** Show pieces of a text: [text], [text, what is said of it] or [text, what is said of it, "against"]. */
function marked(pieces) {
  return pieces.map(([text, note, against]) =>
    note ? make(against ? "s" : "mark", { title: note }, text) : document.createTextNode(text));
}

function changes(row) {
  return [
    row.gained ? make("b", { class: "gained", title: "items gained by the last edit" }, `+${row.gained}`) : "",
    row.lost ? make("b", { class: "lost", title: "items lost by the last edit" }, `−${row.lost}`) : "",
  ];
}

// ---- tags

async function readTags() {
  known = await ask("tags", {});
  if (tag && !known.tags.some((row) => row.id === tag)) tag = "";
  const kind = known.sample ? count(known.items, "test sentence") : `${count(known.items, "item")} of the last 30 days`;
  $("about").textContent = `${known.file} · ${kind}${known.sample ? "; nothing is stored yet" : ""}`;
  showMistakes();
  showTags();
}

function showMistakes() {
  $("mistakes").hidden = !known.mistakes.length;
  $("mistakes").replaceChildren(
    make("h2", {}, `${known.file} has ${count(known.mistakes.length, "mistake")}; the last good rules stay`),
    make("ul", {}, ...known.mistakes.map((text) => make("li", {}, text))),
  );
}

function showTags() {
  const words = $("filter").value.trim().toLowerCase();
  const parents = new Set(known.tags.map((row) => row.parent));
  const moved = new Set(known.tags.filter((row) => row.gained || row.lost).map((row) => row.parent));
  const fits = (row) => words
    ? `${row.id} ${row.label}`.toLowerCase().includes(words)
    : row.parent === "" || opened.has(row.parent) || moved.has(row.parent) || row.id === tag;
  const rows = known.tags.filter(fits).map((row) => make(
    "li", { class: `depth${Math.min(row.depth, 3)}${row.given ? "" : " none"}` },
    parents.has(row.id) && !words ? fold(row) : make("span", { class: "fold" }),
    make("button", { type: "button", click: () => choose(row.id), "aria-current": row.id === tag && "true", title: row.id },
      make("span", { class: "label" }, row.label), make("span", { class: "counts" }, ...changes(row), `${row.given}`)),
  ));
  const all = make("li", { class: "depth0" }, make("span", { class: "fold" }), make(
    "button", { type: "button", click: () => choose(""), "aria-current": tag === "" && "true" },
    make("span", { class: "label" }, "All items"), make("span", { class: "counts" }, `${known.items}`)));
  $("tags").className = parents.size > 1 ? "" : "flat";
  $("tags").replaceChildren(all, ...rows);
}

function fold(row) {
  const open = opened.has(row.id);
  const turn = () => { if (!opened.delete(row.id)) opened.add(row.id); showTags(); };
  return make("button", { type: "button", class: "fold", click: turn, "aria-expanded": `${open}`,
    "aria-label": `Children of ${row.label}` }, open ? "▾" : "▸");
}

function choose(id) {
  tag = id;
  if (!tag && show === "nearly") show = "given";
  history.replaceState(null, "", `#${encodeURIComponent(id)}`);
  showTags();
  readItems();
}

// ---- items

async function readItems() {
  const question = ++asked;
  const row = known.tags.find((each) => each.id === tag);
  $("chosen").replaceChildren(row ? row.label : "All items", row ? make("code", {}, row.id) : "");
  $("shows").replaceChildren(...SHOWS.map(([value, label]) => make("button", {
    type: "button", "aria-pressed": `${value === show}`, disabled: (value === "changed" && !known.edited) || (value === "nearly" && !tag),
    click: () => { show = value; readItems(); },
  }, label, make("span", { id: `tally-${value}` }, tally(row, value)))));
  $("total").textContent = "Reading…";
  const found = await ask("items", { tag, show });
  if (question !== asked) return;
  const more = found.total > found.items.length ? `, the newest ${found.items.length} of them` : "";
  $("total").textContent = `${count(found.total, known.sample ? "sentence" : "item")}${more}`;
  if (found.nearly !== null) $("tally-nearly").textContent = ` ${found.nearly}`;
  $("items").replaceChildren(...found.items.map(showItem));
}

function tally(row, value) {
  if (!row) return "";
  return { given: ` ${row.given}`, changed: ` ${row.gained + row.lost}` }[value] || "";
}

function showItem(item) {
  const foreign = item.language ? { lang: item.language, dir: "auto" } : { dir: "auto" };
  const when = item.date ? new Date(item.date).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" }) : "";
  const byline = [item.outlet, item.language, when].filter(Boolean).join(" · ");
  const link = item.url ? make("a", { href: item.url, rel: "noreferrer noopener", target: "_blank" }, "open") : "";
  const chips = item.tags.filter((id) => id !== tag)
    .map((id) => make("button", { type: "button", class: "chip", click: () => choose(id) }, id));
  return make(
    "li", { class: item.change === "+" ? "gained" : item.change === "-" ? "lost" : "" },
    make("h3", foreign, ...marked(item.title)),
    item.summary.length ? make("p", foreign, ...marked(item.summary)) : "",
    item.lines.length ? make("p", { class: item.given ? "lines" : "lines not" }, item.lines.join("; ")) : "",
    make("p", { class: "byline" }, byline, " ", link, ...chips),
  );
}

// ---- a text that is tried

async function tryText() {
  const text = $("try").value.trim();
  const question = ++tried;
  if (!text) return $("tried").replaceChildren();
  const found = await ask("try", { text, language: $("language").value });
  if (question !== tried) return undefined;
  const row = (verdict) => make("li", {},
    make("button", { type: "button", class: "chip", click: () => choose(verdict.tag) }, verdict.tag),
    verdict.lines.join("; "));
  const given = found.verdicts.filter((verdict) => verdict.given).map(row);
  const nearly = found.verdicts.filter((verdict) => !verdict.given).map(row);
  const open = !given.length || Boolean($("tried").querySelector("details[open]"));
  return $("tried").replaceChildren(
    make("p", { class: "text", dir: "auto" }, ...marked(found.title)),
    given.length ? make("ul", {}, ...given) : make("p", { class: "byline" }, "No rule gives it a tag."),
    nearly.length ? make("details", { open }, make("summary", {}, `Nearly given ${nearly.length}`), make("ul", {}, ...nearly)) : "",
  );
}

function soon(work, wait) {
  let timer = 0;
  return () => { clearTimeout(timer); timer = setTimeout(work, wait); };
}

// ---- from now on

async function renew() {
  await readTags();
  await Promise.all([readItems(), tryText()]);
}

function say(text, kind) {
  $("state").textContent = text;
  $("state").className = kind;
}

tag = decodeURIComponent(location.hash.slice(1));
$("filter").addEventListener("input", showTags);
$("try").addEventListener("input", soon(tryText, 150));
$("language").addEventListener("change", tryText);

const events = new EventSource("events");
let renewals = 0;
events.addEventListener("message", async () => {
  try {
    await renew();
    renewals += 1;
    const time = new Date().toLocaleTimeString("en-GB");
    say(renewals === 1 ? "Watching the file" : known.mistakes.length ? `Refused at ${time}` : `Read again at ${time}`,
      known.mistakes.length ? "bad" : "good");
  } catch (error) {
    say(`The page could not be renewed: ${error.message}`, "bad");
  }
});
events.addEventListener("error", () => say("The studio has stopped; start it again in the terminal", "bad"));
