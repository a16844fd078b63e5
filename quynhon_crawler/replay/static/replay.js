// A service worker replays the page. Browsers have them on https and on this machine's own address only.
// It must run before the player opens its frame: what the frame asks for before goes to the server in vain.
"use strict";

function trouble() {
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

function play() {
  document.querySelector("main").append(document.querySelector("template").content.cloneNode(true));
}

if ("serviceWorker" in navigator) {
  navigator.serviceWorker
    .register("/replay/sw.js?serveIndex=1", { scope: "/replay/" })
    .then(active)
    .then(play, trouble);
} else {
  trouble();
}
