import type { Card, ChangeView } from '../model/review.ts';
import { html, type Markup } from './template.ts';

/** The product's card as shoppers read it, before and after; what differs is marked. Images are named, never loaded. */
export function cards({ before, after }: NonNullable<ChangeView['card']>): Markup {
  if (JSON.stringify(before) === JSON.stringify(after)) {
    return html`<p class="foot">Its card reads the same before and after.</p>`;
  }
  return html`<p class="cap">The card in the shop</p><div class="cards">${card(before, after, 'old')}<div class="to" aria-hidden="true">→</div>${card(after, before, 'new')}</div>`;
}

type Line = 'tagline' | 'credits' | 'category' | 'image';

function card(one: Card, other: Card, how: 'old' | 'new'): Markup {
  const line = (name: Line, none = '') => {
    const text = one[name] ?? none;
    return one[name] === other[name] || one[name] === null
      ? html`${text}`
      : html`<span class="${how}">${text}</span>`;
  };
  const chip = (name: 'badges' | 'marks') => (text: string) =>
    html`<span class="b${other[name].includes(text) ? '' : ` ${how}`}">${name === 'marks' ? '✓ ' : ''}${text}</span>`;
  return html`<div class="card"><div class="img">${line('image', 'no image')}</div><div class="in2"><div class="cat">${line('category')}</div><h4>${one.title}</h4><div class="tl">${line('tagline')}</div><div class="bs">${one.badges.map(chip('badges'))}${one.marks.map(chip('marks'))}</div><div class="cr"><span>${how === 'old' ? 'before' : 'after'}</span><b>${line('credits')}</b></div></div></div>`;
}
