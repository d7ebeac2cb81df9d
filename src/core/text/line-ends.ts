import { withoutByteOrderMark } from './utf8.ts';

/** What a checkout or an editor did to a file that is bytes of ours, and what to do about it. */
export interface ByteFault {
  readonly because: string;
  readonly hint: string;
}

/**
 * Why a text is not the one that was written, where only its line ends, its final newline or a byte order mark differ; null:
 * it differs in more. `isWritten`: whether a text is the one that was written.
 */
export function byteFaultOf(text: string, isWritten: (text: string) => boolean): ByteFault | null {
  const hasMark = text !== withoutByteOrderMark(text);
  const body = withoutByteOrderMark(text);
  const hasCrlf = body.includes('\r');
  const lines = body.replace(/\r\n?/g, '\n');
  const withNewline = `${lines.replace(/[ \t\n]+$/, '')}\n`;
  if (lines !== text && isWritten(lines)) return faultOf({ hasMark, hasCrlf, isEndChanged: false });
  return withNewline !== lines && isWritten(withNewline)
    ? faultOf({ hasMark, hasCrlf, isEndChanged: true })
    : null;
}

function faultOf(found: { hasMark: boolean; hasCrlf: boolean; isEndChanged: boolean }): ByteFault {
  const because = [
    ...(found.hasCrlf ? ['its line ends are CRLF, as git writes them with core.autocrlf=true'] : []),
    ...(found.isEndChanged ? ['the newline at its end was added or removed, as editors and hooks do'] : []),
    ...(found.hasMark ? ['it begins with a byte order mark, as some editors write it'] : []),
  ].join('; ');
  return { because, hint: found.hasCrlf ? AUTOCRLF : EDITOR };
}

const AUTOCRLF =
  'Add the line "plans/** -text" to .gitattributes (sailplan init does), delete the plan’s folder, and run: git checkout -- plans';
const EDITOR =
  'Exclude plans/ from that editor or hook (pre-commit, Prettier), and run: git checkout -- plans (or plan again).';
