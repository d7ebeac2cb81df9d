/**
 * The page's whole script; its hash stands in the page's policy. The page is complete without it: it only searches,
 * filters, switches the theme and moves by keyboard. Of large plans all but the first changes of each kind stand in
 * <noscript>, which is one text node where scripts run and is read in full where they do not: the script builds their
 * lines bit by bit, and a body when it is opened.
 */
export const SCRIPT = `
(() => {
  'use strict';
  const root = document.documentElement;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const END = '</summary>';
  const bodies = new Map();
  const groups = all('.group').map((el) => {
    const rows = all('.c', el).map((one) => ({ el: one, line: '', text: null, isLoose: false }));
    for (const rest of all('noscript', el)) {
      for (const line of rest.textContent.split('\\n')) if (line !== '') rows.push({ el: null, line, text: null, isLoose: false });
      rest.remove();
    }
    return { el, rows, list: el.querySelector('.rows'), n: el.querySelector('h3 .n'), queue: [] };
  });
  const every = () => groups.flatMap(({ rows }) => rows);
  const total = every().length;
  const search = document.querySelector('#search');
  const selects = all('.filters select');
  const shown = document.querySelector('.shown');
  const nothing = document.querySelector('.nothing');
  const figure = (n) => String(n).replace(/\\B(?=(\\d{3})+$)/g, ',');
  const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&#96;': '\`' };
  const plain = (markup) => markup.replace(/<[^>]*>/g, ' ').replace(/&(?:amp|lt|gt|quot|#39|#96);/g, (e) => ENTITIES[e]);
  const textOf = (row) => row.text ??= (row.line === '' ? row.el.textContent : plain(row.line)).toLowerCase();
  const dataOf = (row, by) => row.line === '' ? row.el.dataset[by] ?? '' : new RegExp('data-' + by + '="([^"]*)"').exec(row.line)?.[1] ?? '';

  /** Builds the lines of the next rows of a group; a body waits until it is opened. */
  function build(group, count, isLoose) {
    const rows = group.queue.splice(0, count);
    const from = group.list.children.length;
    group.list.insertAdjacentHTML('beforeend', rows.map(({ line }) => line.slice(0, line.indexOf(END) + END.length) + '</details>').join(''));
    const made = [...group.list.children].slice(from);
    rows.forEach((row, at) => {
      row.el = made[at];
      row.isLoose = isLoose;
      bodies.set(row.el, row.line.slice(row.line.indexOf(END) + END.length, row.line.lastIndexOf('</details>')));
    });
  }

  /** Some at once, the others bit by bit, until the filter changes. */
  let turn = 0;
  function buildOn(isLoose) {
    const mine = ++turn;
    const next = () => {
      const group = mine === turn ? groups.find(({ queue }) => queue.length > 0) : undefined;
      if (group === undefined) return;
      build(group, 250, isLoose);
      setTimeout(next, 0);
    };
    next();
  }

  function unpack(el) {
    const body = bodies.get(el);
    if (body === undefined) return;
    bodies.delete(el);
    el.insertAdjacentHTML('beforeend', body);
  }

  function apply() {
    const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const wanted = selects.filter((one) => one.value !== '').map((one) => [one.dataset.by, one.value]);
    const fits = (row) => wanted.every(([by, value]) => (' ' + dataOf(row, by) + ' ').includes(' ' + value + ' ')) && (words.length === 0 || words.every((word) => textOf(row).includes(word)));
    for (const one of selects) one.classList.toggle('on', one.value !== '');
    let found = 0;
    for (const group of groups) {
      let here = 0;
      group.queue = [];
      for (const row of group.rows) {
        // What a filter built stands out of its order.
        if (row.isLoose) { bodies.delete(row.el); row.el.remove(); row.el = null; row.isLoose = false; }
        const isShown = fits(row);
        if (isShown) here += 1;
        if (row.el === null) { if (isShown) group.queue.push(row); }
        else if (row.el.hidden === isShown) row.el.hidden = !isShown;
      }
      group.el.hidden = here === 0;
      group.n.textContent = figure(here);
      found += here;
    }
    shown.textContent = figure(found) + ' of ' + figure(total);
    nothing.hidden = found > 0 || total === 0;
    buildOn(words.length + wanted.length > 0);
  }

  const built = () => every().filter(({ el }) => el !== null && !el.hidden);

  function move(step) {
    const heads = built().map((row) => row.el.querySelector('summary'));
    const at = heads.indexOf(document.activeElement);
    const next = heads[at === -1 ? 0 : Math.min(heads.length - 1, Math.max(0, at + step))];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  }

  function reset() {
    search.value = '';
    for (const one of selects) one.value = '';
    apply();
  }

  function theme() {
    const isDark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = isDark ? 'light' : 'dark';
  }

  function reveal() {
    const id = location.hash.slice(1);
    if (id !== '' && document.getElementById(id) === null && every().some(({ el, line }) => el === null && line.includes(' id="' + id + '"'))) {
      reset();
      for (const group of groups) build(group, group.queue.length, false);
    }
    const el = id === '' ? null : document.getElementById(id);
    if (el === null || !el.classList.contains('c')) return;
    el.hidden = false;
    el.closest('.group').hidden = false;
    el.open = true;
    el.scrollIntoView({ block: 'center' });
  }

  root.classList.add('js');
  document.addEventListener('toggle', (event) => { if (event.target.open) unpack(event.target); }, true);
  document.querySelector('#theme').addEventListener('click', theme);
  addEventListener('hashchange', reveal);
  if (search !== null) {
    let waiting = 0;
    search.addEventListener('input', () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(apply); });
    for (const one of selects) one.addEventListener('change', apply);
    document.querySelector('#clear').addEventListener('click', reset);
    const toggle = document.querySelector('#open');
    const words = (isOpen) => { toggle.textContent = isOpen ? 'Close all' : 'Open all'; };
    words(built().every(({ el }) => el.open));
    toggle.addEventListener('click', () => {
      const some = built().slice(0, 500);
      const isOpening = some.some((row) => !row.el.open);
      for (const { el } of some) { if (isOpening) unpack(el); el.open = isOpening; }
      words(isOpening);
    });
    document.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'Escape' && document.activeElement === search) { search.value = ''; apply(); search.blur(); return; }
      if (/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? '')) return;
      if (event.key === '/') { event.preventDefault(); search.focus(); }
      else if (event.key === 'j') move(1);
      else if (event.key === 'k') move(-1);
      else if (event.key === 't') theme();
    });
    shown.textContent = figure(total) + ' of ' + figure(total);
    setTimeout(() => {
      if (turn > 0) return;
      for (const group of groups) group.queue = group.rows.filter(({ el }) => el === null);
      buildOn(false);
    }, 50);
  }
  reveal();
})();
`;
