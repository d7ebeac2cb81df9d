const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const COMBINING = /\p{Mn}|\p{Me}/u;
/** Below U+0300 no character combines or is wide: of nearly all texts. */
const NARROW = /^[\u0020-\u02ff]*$/;

function columnsOf(character: string): number {
  if (character < '\u0300') return 1;
  if (COMBINING.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** How many columns of a terminal a text takes. Expects text without control characters. */
export function columns(text: string): number {
  if (NARROW.test(text)) return text.length;
  let sum = 0;
  for (const character of text) sum += columnsOf(character);
  return sum;
}

/** Lines of at most `room` columns, broken at spaces if possible. Drops no character except the spaces at the breaks. */
export function wrap(text: string, room: number): readonly string[] {
  if (text.length <= room && NARROW.test(text)) return [text];
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(' ')) {
    const width = columns(word);
    if (used > 0 && used + 1 + width > room) {
      lines.push(line);
      [line, used] = ['', 0];
    }
    if (used > 0) [line, used] = [`${line} `, used + 1];
    if (used + width <= room) {
      [line, used] = [line + word, used + width];
      continue;
    }
    for (const piece of pieces(word, room)) {
      if (line !== '') lines.push(line);
      [line, used] = [piece, columns(piece)];
    }
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

/** A word cut into pieces of at most `room` columns. */
function* pieces(word: string, room: number): Generator<string> {
  let piece = '';
  let used = 0;
  for (const character of word) {
    const width = columnsOf(character);
    if (used + width > room && piece !== '') {
      yield piece;
      [piece, used] = ['', 0];
    }
    piece += character;
    used += width;
  }
  if (piece !== '') yield piece;
}

/** One line of at most `room` columns; `…` replaces the rest. */
export function clip(text: string, room: number): string {
  if (columns(text) <= room) return text;
  const [first = ''] = pieces(text, Math.max(1, room - 1));
  return `${first}…`;
}
