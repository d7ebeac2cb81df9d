import { createInterface, type Interface } from 'node:readline';

/** Asks a person, one question after another. */
export interface Terminal {
  /** The answer without blanks around it; '' where the terminal was closed. */
  ask(question: string): Promise<string>;
  /** Lets the process end. */
  close(): void;
}

/** One reader for all questions: lines that were typed or pasted ahead wait for theirs. */
export function openTerminal(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Terminal {
  const typed: string[] = [];
  let reader: Interface | null = null;
  let isClosed = false;
  let answer: ((line: string) => void) | null = null;

  const take = (line: string) => {
    if (answer === null) typed.push(line);
    else answer(line);
    answer = null;
  };
  const open = (): Interface => {
    const opened = createInterface({ input, output });
    opened.on('line', take);
    // On a terminal readline reads Ctrl-C itself: it shall end the program as ever.
    opened.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    opened.on('close', () => {
      isClosed = true;
      answer?.('');
    });
    return opened;
  };
  return {
    ask: async (question) => {
      reader ??= open();
      if (isClosed) return typed.shift()?.trim() ?? '';
      reader.setPrompt(question);
      reader.prompt();
      const line = typed.shift();
      if (line !== undefined) return line.trim();
      return (await new Promise<string>((resolve) => (answer = resolve))).trim();
    },
    close: () => reader?.close(),
  };
}
