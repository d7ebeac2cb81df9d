import { html, type Markup } from './markup.ts';
import type { Card, ChangeView } from './model.ts';

/** The product's card as shoppers read it, before and after; what differs is marked. Images are named, never loaded. */
export function cards({ before, after }: NonNullable<ChangeView['card']>): Markup {
  if (JSON.stringify(before) === JSON.stringify(after)) {
    return html`<p class="foot">Its card reads the same before and after.</p>`;
  }
  return html`<p class="cap">The card in the shop</p><div class="cards">${card(before, after, 'old')}<div class="to" aria-hidden="true">→</div>${card(after, before, 'new')}</div>`;
}

function card(one: Card, other: Card, how: 'old' | 'new'): Markup {
  const mark = (name: 'tagline' | 'credits' | 'category' | 'image') =>
    one[name] === other[name] || one[name] === null ? '' : how;
  const chip = (name: 'badges' | 'marks') => (text: string) =>
    html`<span class="b ${other[name].includes(text) ? '' : how}">${name === 'marks' ? '✓ ' : ''}${text}</span>`;
  return html`<div class="card"><div class="img"><span class="${mark('image')}">${one.image ?? 'no image'}</span></div><div class="in2"><span class="cat"><span class="${mark('category')}">${one.category ?? ''}</span></span><h4>${one.title}</h4><div class="tl"><span class="${mark('tagline')}">${one.tagline ?? ''}</span></div><div class="bs">${one.badges.map(chip('badges'))}${one.marks.map(chip('marks'))}</div><div class="cr"><span>${how === 'old' ? 'before' : 'after'}</span><b class="${mark('credits')}">${one.credits ?? ''}</b></div></div></div>`;
}
