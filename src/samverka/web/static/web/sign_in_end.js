// Tells before a sign-in ends, lets it go on, and hides the page when it has ended (docs/accessibility.md).
(() => {
  "use strict";
  const parts = document.getElementById("sign-in"), said = parts.dataset, title = document.title, minute = 60_000;
  const part = id => document.getElementById(id) ??
    document.body.appendChild(parts.content.getElementById(id).cloneNode(true));
  let idleEnd, wholeEnd, token, timer, stood, typed = false, asked;

  const know = left => {
    idleEnd = Date.now() + left.idle * 1000;
    wholeEnd = Date.now() + left.whole * 1000;
    token = left.token;
  };
  const end = () => Math.min(idleEnd, wholeEnd);
  const warned = () => idleEnd < wholeEnd && Date.now() >= idleEnd - said.warned * 1000;

  // What the server says is so. Who is another now gets a page of their own.
  async function ask(how) {
    try {
      const answer = await fetch(said.address, {cache: "no-store", ...how});
      if (!answer.ok) return false;
      const left = await answer.json();
      if (left.who && left.who !== said.who) location.replace(location.pathname + location.search);
      know(left.who === said.who ? left : {idle: 0, whole: 0});
      return true;
    } catch {
      return false;
    }
  }

  async function look() {
    if (Date.now() >= end()) show(); // before the answer: anyone may be at the screen
    await ask();
    show();
  }

  async function goOn() {
    const done = await ask() && (Date.now() >= end() || await ask({method: "POST", headers: {"X-CSRFToken": token}}));
    show();
    if (!done) say("Servern svarade inte. Försök igen.");
  }

  function say(text) {
    const at = part("warning").querySelector("#warning-said");
    at.textContent = text;
    at.hidden = !text;
  }

  function show() {
    const now = Date.now(), isOver = now >= end(), wasOver = document.documentElement.classList.contains("over");
    if (isOver !== wasOver) isOver ? hide() : unhide();
    if (!isOver && warned()) warn(idleEnd - now);
    else if (document.getElementById("warning")?.open) part("warning").close();
    if (!isOver && now >= wholeEnd - said.told * 1000) tell();
    else document.getElementById("ends")?.remove();
    if (!isOver) document.title = warned() ? `Loggas snart ut – ${title}` : title;
    if (token) for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    clearTimeout(timer);
    const each = warned() ? Array.from({length: 6}, (_, count) => idleEnd - count * minute) : [];
    const next = [idleEnd - said.warned * 1000, wholeEnd - said.told * 1000, end(), ...each].filter(one => one > now);
    if (!isOver) timer = setTimeout(look, Math.min(...next) - now + 50);
  }

  function warn(left) {
    const dialog = part("warning"), minutes = Math.round(left / minute);
    const words = minutes > 1 ? `${minutes} minuter` : left < 50_000 ? "mindre än en minut" : "en minut";
    dialog.querySelector("#warning-left").textContent = words;
    if (dialog.open) return minutes === 1 && say("En minut kvar.");
    dialog.oncancel = event => { event.preventDefault(); goOn(); };
    dialog.querySelector("#go-on").onclick = goOn;
    say("");
    dialog.showModal();
  }

  function tell() {
    if (document.getElementById("ends")) return;
    const at = new Date(wholeEnd).toLocaleTimeString("sv-SE", {hour: "2-digit", minute: "2-digit"});
    const notice = part("ends"); // first empty, so that its text is read aloud
    setTimeout(() => { notice.textContent = `Du måste logga in igen klockan ${at}. Spara det du håller på med.`; });
  }

  function hide() {
    const over = part("over"), back = `?next=${encodeURIComponent(location.pathname + location.search)}`;
    for (const link of over.querySelectorAll("a")) link.search = back;
    over.querySelector("#over-typed").hidden = !typed;
    over.hidden = false;
    if (document.getElementById("warning")?.open) part("warning").close();
    stood = document.activeElement;
    document.documentElement.classList.add("over");
    document.title = "Utloggad – Samverka";
    over.querySelector("h1").focus();
  }

  function unhide() {
    part("over").hidden = true;
    document.documentElement.classList.remove("over");
    stood?.focus();
  }

  // What was typed is sent once it is known that it will be taken: the sign-in may have been ended elsewhere.
  async function send(event) {
    const form = event.target, by = event.submitter, isMain = form.closest("#main") && form.getAttribute("method") === "post";
    if (event.defaultPrevented || !typed || !isMain || asked === form) return;
    event.preventDefault();
    if (asked) return;
    asked = true; // a double click is one
    await ask();
    show();
    asked = form;
    if (Date.now() < end()) form.requestSubmit(by);
    asked = null;
  }

  document.addEventListener("submit", send);
  document.addEventListener("htmx:responseError", event => event.detail.xhr.status === 401 && look());
  document.addEventListener("input", () => { typed = true; });
  document.addEventListener("visibilitychange", () => document.hidden || look());
  addEventListener("focus", () => (Date.now() >= end() || warned()) && look()); // another window may have gone on
  addEventListener("pageshow", event => event.persisted && look());
  know({idle: Number(said.idle), whole: Number(said.whole)});
  show();
  if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") look(); // a form's token may be older
})();
