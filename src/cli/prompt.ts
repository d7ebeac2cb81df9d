import { createInterface, type Interface } from 'node:readline';

/** Asks questions one after another. */
export interface Terminal {
  /** Returns the answer, trimmed; '' if the terminal is closed. */
  ask(question: string): Promise<string>;
  /** Lets the process end. */
  close(): void;
}

/**
 * Uses one reader for all questions, so that lines typed or pasted ahead answer the next ones. Calls `interrupt` at Ctrl-C
 * during a question.
 */
export function openTerminal(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  interrupt: () => void,
): Terminal {
  const linesAhead: string[] = [];
  let reader: Interface | null = null;
  let isClosed = false;
  let resolveAnswer: ((line: string) => void) | null = null;

  const receive = (line: string) => {
    if (resolveAnswer === null) linesAhead.push(line);
    else resolveAnswer(line);
    resolveAnswer = null;
  };
  const open = (): Interface => {
    const opened = createInterface({ input, output });
    opened.on('line', receive);
    // On a terminal readline catches Ctrl-C: pass it on, so that it ends the program.
    opened.on('SIGINT', interrupt);
    opened.on('close', () => {
      isClosed = true;
      resolveAnswer?.('');
    });
    return opened;
  };
  return {
    ask: async (question) => {
      reader ??= open();
      if (isClosed) return linesAhead.shift()?.trim() ?? '';
      reader.setPrompt(question);
      reader.prompt();
      const line = linesAhead.shift();
      if (line !== undefined) return line.trim();
      return (await new Promise<string>((resolve) => (resolveAnswer = resolve))).trim();
    },
    close: () => reader?.close(),
  };
}
