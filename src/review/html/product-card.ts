import type { Card, CardPair } from '../model/review.ts';
import { html, type Markup } from './template.ts';

type Side = 'old' | 'new';

/** The product's card as shoppers read it, before and after, with the differences marked. Loads no image: shows its address. */
export function cardPair({ before, after }: CardPair): Markup {
  if (JSON.stringify(before) === JSON.stringify(after)) {
    return html`<p class="foot">The card does not change.</p>`;
  }
  return html`
    <p class="cap">The card in the shop</p>
    <div class="cards">
      ${card(before, after, 'old')}
      <div class="to" aria-hidden="true">→</div>
      ${card(after, before, 'new')}
    </div>`;
}

function card(shown: Card, other: Card, side: Side): Markup {
  const text = (name: 'tagline' | 'credits' | 'category' | 'image', placeholder = '') => {
    const value = shown[name];
    return value === null || value === other[name]
      ? html`${value ?? placeholder}`
      : html`<span class="${side}">${value}</span>`;
  };
  return html`
    <div class="card">
      <div class="img">${text('image', 'no image')}</div>
      <div class="in2">
        <div class="cat">${text('category')}</div>
        <h4>${shown.title}</h4>
        <div class="tl">${text('tagline')}</div>
        <div class="bs">
          ${shown.badges.map((badge) => chip(badge, other.badges.includes(badge) ? '' : ` ${side}`))}
          ${shown.marks.map((mark) => chip(`✓ ${mark}`, other.marks.includes(mark) ? '' : ` ${side}`))}
        </div>
        <div class="cr"><span>${side === 'old' ? 'before' : 'after'}</span><b>${text('credits')}</b></div>
      </div>
    </div>`;
}

const chip = (text: string, markClass: string): Markup => html`<span class="b${markClass}">${text}</span>`;
