import { Chalk } from 'chalk';
import { clip, columns, wrap } from './column-width.ts';

/** Colours by what they mean; without colour each is the text itself. */
type Tone = 'create' | 'update' | 'delete' | 'hazard' | 'heading' | 'quiet' | 'good' | 'plain';

export interface TextLine {
  /** Blanks before it. */
  readonly indent?: number;
  /** A glyph or name that later lines of the same text are set in from. */
  readonly lead?: string;
  readonly leadTone?: Tone;
  readonly tone?: Tone;
}

/** Writes lines of at most `width` columns. What it is given must be visible already: it adds nothing but colours. */
export interface LineWriter {
  line(text: string, how?: TextLine): void;
  blank(): void;
  toString(): string;
}

export interface LineWriterOptions {
  /** Columns. */
  readonly width: number;
  readonly color: boolean;
  /** One screen: each text takes one line and is clipped. */
  readonly isClipped?: boolean;
}

export function createLineWriter({ width, color, isClipped = false }: LineWriterOptions): LineWriter {
  const lines: string[] = [];
  const paint = painter(color);
  const narrow = Math.floor(width / 4);
  return {
    line(text, { indent = 0, lead = '', leadTone = 'plain', tone = 'plain' } = {}) {
      const before = ' '.repeat(Math.min(indent, narrow));
      const isSplit = lead !== '' && columns(lead) > width / 2;
      const hang = lead === '' ? 0 : isSplit ? 2 : columns(lead) + 1;
      const room = Math.max(1, width - before.length - hang);
      if (isSplit) {
        for (const one of fitted(lead, width - before.length, isClipped))
          lines.push(before + paint(leadTone, one));
        if (text === '') return;
      }
      for (const [index, one] of fitted(text, room, isClipped).entries()) {
        const start = index === 0 && hang > 0 && !isSplit ? `${paint(leadTone, lead)} ` : ' '.repeat(hang);
        lines.push(`${before}${start}${paint(tone, one)}`.trimEnd());
      }
    },
    blank() {
      if (lines.length > 0 && lines.at(-1) !== '') lines.push('');
    },
    toString: () => `${lines.join('\n')}\n`,
  };
}

const fitted = (text: string, room: number, isClipped: boolean): readonly string[] =>
  isClipped ? [clip(text, room)] : wrap(text, room);

function painter(color: boolean): (tone: Tone, text: string) => string {
  if (!color) return (_, text) => text;
  const chalk = new Chalk({ level: 1 });
  const tones: Readonly<Record<Tone, (text: string) => string>> = {
    create: chalk.green,
    update: chalk.yellow,
    delete: chalk.red,
    hazard: chalk.bold.red,
    heading: chalk.bold,
    quiet: chalk.dim,
    good: chalk.green,
    plain: (text) => text,
  };
  return (tone, text) => (text === '' ? text : tones[tone](text));
}
