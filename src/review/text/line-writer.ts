import { Chalk } from 'chalk';
import { clip, columns, wrap } from './column-width.ts';

/** What a text means; the writer picks the colour. */
type Tone = 'create' | 'update' | 'delete' | 'hazard' | 'heading' | 'quiet' | 'good' | 'plain';

export interface TextLine {
  /** Columns left free before the text. */
  readonly indent?: number;
  /** A glyph or name before the text. Later lines of the same text are aligned after it. */
  readonly lead?: string;
  readonly leadTone?: Tone;
  readonly tone?: Tone;
  /** One line, clipped where it is too long and the writer may clip. */
  readonly isClipped?: boolean;
}

/** Writes lines of at most `width` columns. Expects text without control characters, and adds nothing but colours. */
export interface LineWriter {
  line(text: string, style?: TextLine): void;
  /** An empty line, unless the last line is empty or there is none. */
  blank(): void;
  toString(): string;
}

export interface LineWriterOptions {
  /** Columns. */
  readonly width: number;
  readonly color: boolean;
  /** Clip each text to one line, instead of wrapping it. */
  readonly isClipped?: boolean;
  /** Whether lines marked as clippable are clipped (default: true). */
  readonly canClip?: boolean;
}

export function createLineWriter({
  width,
  color,
  isClipped: areAllClipped = false,
  canClip = true,
}: LineWriterOptions): LineWriter {
  const written = joinedLines();
  const paint = createPainter(color);
  // On a narrow terminal indents take a quarter of the width at most.
  const indentMax = Math.floor(width / 4);
  return {
    line(text, { indent = 0, lead = '', leadTone = 'plain', tone = 'plain', isClipped = false } = {}) {
      const fitted = (part: string, room: number) =>
        areAllClipped || (isClipped && canClip) ? [clip(part, room)] : wrap(part, room);
      const margin = ' '.repeat(Math.min(indent, indentMax));
      // A lead wider than half of the terminal gets its own lines.
      const isLeadAbove = lead !== '' && columns(lead) > width / 2;
      const hang = lead === '' ? 0 : isLeadAbove ? 2 : columns(lead) + 1;
      if (isLeadAbove) {
        for (const part of fitted(lead, width - margin.length)) written.add(margin + paint(leadTone, part));
        if (text === '') return;
      }
      const room = Math.max(1, width - margin.length - hang);
      for (const [index, part] of fitted(text, room).entries()) {
        const hasLead = index === 0 && hang > 0 && !isLeadAbove;
        const start = hasLead ? `${paint(leadTone, lead)} ` : ' '.repeat(hang);
        written.add(`${margin}${start}${paint(tone, part)}`.trimEnd());
      }
    },
    blank() {
      if (written.last() !== '') written.add('');
    },
    toString: written.text,
  };
}

/** Lines that are joined early: a line of its own takes some 40 bytes of memory more, and a large plan has millions. */
function joinedLines() {
  const pieces: string[] = [];
  let lines: string[] = [];
  return {
    add(line: string): void {
      if (lines.length === 1000) {
        pieces.push(lines.join('\n'));
        lines = [];
      }
      lines.push(line);
    },
    /** The last line; '' if there is none. */
    last: () => lines.at(-1) ?? '',
    text: () => [...pieces, ...lines, ''].join('\n'),
  };
}

function createPainter(color: boolean): (tone: Tone, text: string) => string {
  if (!color) return (_, text) => text;
  const chalk = new Chalk({ level: 1 });
  const colors: Readonly<Record<Tone, (text: string) => string>> = {
    create: chalk.green,
    update: chalk.yellow,
    delete: chalk.red,
    hazard: chalk.bold.red,
    heading: chalk.bold,
    quiet: chalk.dim,
    good: chalk.green,
    plain: (text) => text,
  };
  return (tone, text) => (text === '' ? text : colors[tone](text));
}
