// A service worker replays the page. Browsers have them on https and on this machine's own address only.
// It must run before the player opens its frame: what the frame asks for before goes to the server in vain.
"use strict";

const opening = document.getElementById("opening");

function trouble() {
  opening.hidden = true;
  document.getElementById("trouble").hidden = false;
}

function active(registration) {
  const worker = registration.installing || registration.waiting || registration.active;
  return new Promise((done) => {
    const look = () => worker.state === "activated" && done();
    worker.addEventListener("statechange", look);
    look();
  });
}

// "20190827080102" (UTC) as readers in Vietnam know it.
function moment(timestamp) {
  const [year, month, day, hour, minute] = timestamp.match(/^\d{4}|\d\d/g).map(Number);
  const when = new Date(Date.UTC(year, month - 1, day, hour, minute));
  const there = { timeZone: "Asia/Ho_Chi_Minh" };
  const date =
    document.documentElement.lang === "vi"
      ? when.toLocaleDateString("vi", { ...there, weekday: "long", day: "2-digit", month: "2-digit", year: "numeric" })
      : when.toLocaleDateString("en-GB", { ...there, weekday: "long", day: "numeric", month: "long", year: "numeric" });
  return `${date}, ${when.toLocaleTimeString("en-GB", { ...there, hour: "2-digit", minute: "2-digit" })}`;
}

// Readers follow links inside the archive: the bar says where they are. The first page to come ends the wait.
function follow({ detail }) {
  opening.hidden = true;
  if (!detail.url || !/^\d{14}$/.test(detail.ts || "")) return;
  const title = document.getElementById("title");
  title.textContent = document.title = title.dataset.at.replace("{moment}", moment(detail.ts));
  document.getElementById("address").textContent = detail.url;
}

function play() {
  document.querySelector("main").append(document.querySelector("template").content.cloneNode(true));
  document.querySelector("replay-web-page").addEventListener("rwp-url-change", follow);
}

if ("serviceWorker" in navigator) {
  opening.hidden = false;
  navigator.serviceWorker
    .register("/replay/sw.js?serveIndex=1", { scope: "/replay/" })
    .then(active)
    .then(play, trouble);
} else {
  trouble();
}
