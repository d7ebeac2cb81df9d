// The script of the review pages. scripts/page-assets.mjs minifies it into the page; the page's content security policy
// holds the hash of those bytes. The page is complete without the script, which adds search, filters, the theme switch
// and keys.
//
// A large plan has all but the first changes of each kind in <noscript>. Where scripts run, that is a single text node;
// where they do not, the browser shows the changes in full. The script builds their lines in small batches, and the body
// of a change when the reader opens it.
(() => {
  // biome-ignore lint/suspicious/noRedundantUseStrict: an inline script is no module
  'use strict';
  const BATCH_SIZE = 250;
  const OPEN_MAX = 500;
  const FIRST_BATCH_DELAY_MS = 50;
  const SEARCH_DELAY_MS = 300;
  const TASK_MS = 8;
  const SUMMARY_END = '</summary>';
  const DETAILS_END = '</details>';
  const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&#96;': '`' };

  const root = document.documentElement;
  const queryAll = (selector, from = document) => [...from.querySelectorAll(selector)];
  const formatCount = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

  /** Element of a change → markup of its body, until the reader opens it. */
  const bodies = new Map();

  // A row is one change: `el` is null while the change is only the text `line`; `isOutOfOrder` marks rows that a filter
  // appended after rows which come later in the plan.
  const groups = queryAll('.group').map((el) => {
    const rows = queryAll('.c', el).map((change) => ({
      el: change,
      line: '',
      text: null,
      isOutOfOrder: false,
    }));
    for (const noscript of queryAll('noscript', el)) {
      for (const line of noscript.textContent.split('\n'))
        if (line !== '') rows.push({ el: null, line, text: null, isOutOfOrder: false });
      noscript.remove();
    }
    return { el, rows, list: el.querySelector('.rows'), counter: el.querySelector('h3 .n'), queue: [] };
  });
  const allRows = () => groups.flatMap(({ rows }) => rows);
  const shownRows = () => allRows().filter(({ el }) => el !== null && !el.hidden);
  const total = allRows().length;

  const search = document.querySelector('#search');
  const selects = queryAll('.filters select');
  const shownCounter = document.querySelector('.shown');
  const emptyNotice = document.querySelector('.nothing');

  const textOfMarkup = (markup) =>
    markup.replace(/<[^>]*>/g, ' ').replace(/&(?:amp|lt|gt|quot|#39|#96);/g, (entity) => ENTITIES[entity]);

  /** The words of a change in lower case, computed once. */
  function textOf(row) {
    row.text ??= (row.line === '' ? row.el.textContent : textOfMarkup(row.line)).toLowerCase();
    return row.text;
  }

  function dataOf(row, name) {
    if (row.line === '') return row.el.dataset[name] ?? '';
    return new RegExp(`data-${name}="([^"]*)"`).exec(row.line)?.[1] ?? '';
  }

  /** Builds the lines of the next queued rows of a group. Their bodies wait until they are opened. */
  function build(group, count, isOutOfOrder) {
    const rows = group.queue.splice(0, count);
    const endOfSummary = (line) => line.indexOf(SUMMARY_END) + SUMMARY_END.length;
    const from = group.list.children.length;
    const lines = rows.map(({ line }) => line.slice(0, endOfSummary(line)) + DETAILS_END);
    group.list.insertAdjacentHTML('beforeend', lines.join(''));
    const elements = [...group.list.children].slice(from);
    for (const [index, row] of rows.entries()) {
      row.el = elements[index];
      row.isOutOfOrder = isOutOfOrder;
      bodies.set(row.el, row.line.slice(endOfSummary(row.line), row.line.lastIndexOf(DETAILS_END)));
    }
  }

  let buildRun = 0;

  /** Builds all queued rows, one batch at once and one in each following task. A later call ends the earlier one. */
  function buildInBatches(isOutOfOrder) {
    buildRun += 1;
    const run = buildRun;
    const next = () => {
      const group = run === buildRun ? groups.find(({ queue }) => queue.length > 0) : undefined;
      if (group === undefined) return;
      build(group, BATCH_SIZE, isOutOfOrder);
      setTimeout(next, 0);
    };
    next();
  }

  function insertBody(el) {
    const body = bodies.get(el);
    if (body === undefined) return;
    bodies.delete(el);
    el.insertAdjacentHTML('beforeend', body);
  }

  /** Shows the rows of a group that match, queues those not built yet, and returns how many match. */
  function filterGroup(group, matches) {
    let count = 0;
    group.queue = [];
    for (const row of group.rows) {
      // Removed so that it is built again at its place in the plan's order.
      if (row.isOutOfOrder) {
        bodies.delete(row.el);
        row.el.remove();
        row.el = null;
        row.isOutOfOrder = false;
      }
      const isShown = matches(row);
      if (isShown) count += 1;
      if (row.el === null) {
        if (isShown) group.queue.push(row);
        // Written only when it changes: a page may have 10,000 rows.
      } else if (row.el.hidden === isShown) row.el.hidden = !isShown;
    }
    group.el.hidden = count === 0;
    group.counter.textContent = formatCount(count);
    return count;
  }

  function applyFilters() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = selects
      .filter((select) => select.value !== '')
      .map((select) => [select.dataset.by, select.value]);
    const matches = (row) =>
      wanted.every(([name, value]) => ` ${dataOf(row, name)} `.includes(` ${value} `)) &&
      words.every((word) => textOf(row).includes(word));
    for (const select of selects) select.classList.toggle('on', select.value !== '');
    let found = 0;
    for (const group of groups) found += filterGroup(group, matches);
    shownCounter.textContent = `${formatCount(found)} of ${formatCount(total)}`;
    emptyNotice.hidden = found > 0 || total === 0;
    buildInBatches(words.length + wanted.length > 0);
  }

  function clearFilters() {
    search.value = '';
    for (const select of selects) select.value = '';
    applyFilters();
  }

  /** Moves the focus to the next (1) or previous (-1) change; to the first one where none has it. */
  function moveFocus(step) {
    const summaries = shownRows().map(({ el }) => el.querySelector('summary'));
    const current = summaries.indexOf(document.activeElement);
    const index = current === -1 ? 0 : Math.min(summaries.length - 1, Math.max(0, current + step));
    summaries[index]?.focus();
    summaries[index]?.scrollIntoView({ block: 'nearest' });
  }

  function toggleTheme() {
    const isDark = root.dataset.theme
      ? root.dataset.theme === 'dark'
      : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = isDark ? 'light' : 'dark';
  }

  /** Opens the change that the address names, and builds it first where it is only text yet. */
  function openTarget() {
    const id = location.hash.slice(1);
    if (id === '') return;
    const isUnbuilt = ({ el, line }) => el === null && line.includes(` id="${id}"`);
    const built = document.getElementById(id);
    if (built === null && allRows().some(isUnbuilt)) {
      clearFilters();
      for (const group of groups) build(group, group.queue.length, false);
    } else if (built?.hidden) clearFilters();
    const el = document.getElementById(id);
    if (el === null || !el.classList.contains('c')) return;
    el.hidden = false;
    el.closest('.group').hidden = false;
    el.open = true;
    el.scrollIntoView({ block: 'center' });
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && document.activeElement === search) {
      search.value = '';
      applyFilters();
      search.blur();
      return;
    }
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? '')) return;
    if (event.key === '/') {
      event.preventDefault();
      search.focus();
    } else if (event.key === 'j') moveFocus(1);
    else if (event.key === 'k') moveFocus(-1);
    else if (event.key === 't') toggleTheme();
  }

  /** The button that opens or closes the changes that are shown, at most OPEN_MAX of them. */
  function startOpenAll() {
    const button = document.querySelector('#open');
    const setWords = (isOpen) => {
      button.textContent = isOpen ? 'Close all' : 'Open all';
    };
    setWords(shownRows().every(({ el }) => el.open));
    button.addEventListener('click', () => {
      const rows = shownRows().slice(0, OPEN_MAX);
      const isOpening = rows.some(({ el }) => !el.open);
      for (const { el } of rows) {
        if (isOpening) insertBody(el);
        el.open = isOpening;
      }
      // Errors, warnings and what is missing, above the changes.
      for (const panel of document.querySelectorAll('details.panel')) panel.open = isOpening;
      setWords(isOpening);
    });
  }

  /** Computes the words of the rows before the first search, for some milliseconds in each task. */
  function prepareSearch() {
    const rows = allRows();
    const next = () => {
      const end = performance.now() + TASK_MS;
      while (rows.length > 0 && performance.now() < end) textOf(rows.shift());
      if (rows.length > 0) setTimeout(next, 0);
    };
    next();
  }

  function startFilters() {
    let frame = 0;
    search.addEventListener('input', () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(applyFilters);
    });
    for (const select of selects) select.addEventListener('change', applyFilters);
    document.querySelector('#clear').addEventListener('click', clearFilters);
    startOpenAll();
    document.addEventListener('keydown', onKey);
    shownCounter.textContent = `${formatCount(total)} of ${formatCount(total)}`;
    // After the first paint; a filter that the reader set by then has queued its own rows.
    setTimeout(() => {
      if (buildRun > 0) return;
      for (const group of groups) group.queue = group.rows.filter(({ el }) => el === null);
      buildInBatches(false);
    }, FIRST_BATCH_DELAY_MS);
    setTimeout(prepareSearch, SEARCH_DELAY_MS);
  }

  root.classList.add('js');
  const onToggle = ({ target }) => {
    if (target.open) insertBody(target);
  };
  // `toggle` does not bubble: only a capturing listener hears it here.
  document.addEventListener('toggle', onToggle, true);
  document.querySelector('#theme').addEventListener('click', toggleTheme);
  addEventListener('hashchange', openTarget);
  // A page without changes has no filters.
  if (search !== null) startFilters();
  openTarget();
})();
