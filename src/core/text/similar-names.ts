import { HIDDEN } from './invisible-characters.ts';

/** The name as the most permissive file systems compare it: without case, accents composed, no spaces or dots at the end. */
export const alike = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(HIDDEN, '')
    .split('/')
    .map((part) => part.replace(/[. ]+$/, ''))
    .join('/');
