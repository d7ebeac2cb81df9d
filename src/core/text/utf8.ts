const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes as UTF-8; a byte order mark stays as U+FEFF. Throws a TypeError for bytes that are not UTF-8. */
export const decodeUtf8 = (bytes: Uint8Array): string => STRICT.decode(bytes);

export const withoutByteOrderMark = (text: string): string =>
  text.startsWith('\u{feff}') ? text.slice(1) : text;
