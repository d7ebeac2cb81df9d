/**
 * The page's whole script; its hash stands in the page's policy. The page is complete without it: it only searches,
 * filters, switches the theme and moves by keyboard. Bodies of large plans stand in <noscript>, which is one text
 * node where scripts run and is read in full where they do not; opening a change unpacks its body.
 */
export const SCRIPT = `
(() => {
  'use strict';
  const root = document.documentElement;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const rows = all('.c').map((el) => ({ el, data: el.dataset, text: null }));
  const groups = all('.group').map((el) => ({ el, rows: rows.filter((row) => el.contains(row.el)), n: el.querySelector('h3 .n') }));
  const search = document.querySelector('#search');
  const selects = all('.filters select');
  const shown = document.querySelector('.shown');
  const nothing = document.querySelector('.nothing');
  const figure = (n) => String(n).replace(/\\B(?=(\\d{3})+$)/g, ',');
  const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&#96;': '\`' };
  const textOf = (row) => row.text ??= row.el.textContent.replace(/<[^>]*>/g, ' ').replace(/&(?:amp|lt|gt|quot|#39|#96);/g, (e) => ENTITIES[e]).toLowerCase();

  function unpack(el) {
    const packed = el.querySelector(':scope > noscript');
    if (packed === null) return;
    el.insertAdjacentHTML('beforeend', packed.textContent);
    packed.remove();
  }

  function apply() {
    const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const wanted = selects.filter((one) => one.value !== '').map((one) => [one.dataset.by, one.value]);
    for (const one of selects) one.classList.toggle('on', one.value !== '');
    let total = 0;
    for (const group of groups) {
      let here = 0;
      for (const row of group.rows) {
        const isShown = wanted.every(([by, value]) => (' ' + (row.data[by] ?? '') + ' ').includes(' ' + value + ' ')) && (words.length === 0 || words.every((word) => textOf(row).includes(word)));
        if (row.el.hidden === isShown) row.el.hidden = !isShown;
        if (isShown) here += 1;
      }
      group.el.hidden = here === 0;
      group.n.textContent = figure(here);
      total += here;
    }
    shown.textContent = figure(total) + ' of ' + figure(rows.length);
    nothing.hidden = total > 0 || rows.length === 0;
  }

  function move(step) {
    const heads = rows.filter((row) => !row.el.hidden).map((row) => row.el.querySelector('summary'));
    const at = heads.indexOf(document.activeElement);
    const next = heads[at === -1 ? 0 : Math.min(heads.length - 1, Math.max(0, at + step))];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  }

  function theme() {
    const isDark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = isDark ? 'light' : 'dark';
  }

  function reveal() {
    const el = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
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
    document.querySelector('#clear').addEventListener('click', () => { search.value = ''; for (const one of selects) one.value = ''; apply(); });
    const toggle = document.querySelector('#open');
    const words = (isOpen) => { toggle.textContent = isOpen ? 'Close all' : 'Open all'; };
    words(rows.every((row) => row.el.open));
    toggle.addEventListener('click', () => {
      const some = rows.filter((row) => !row.el.hidden).slice(0, 500);
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
    apply();
    const index = (from) => {
      const end = performance.now() + 8;
      let at = from;
      while (at < rows.length && performance.now() < end) textOf(rows[at++]);
      if (at < rows.length) setTimeout(index, 0, at);
    };
    setTimeout(index, 300, 0);
  }
  reveal();
})();
`;
