const NOTHING = new Uint8Array();

/** Whether two sequences of chunks are the same bytes; they may be cut at other places. Stops at the first difference. */
export function isSameBytes(some: Iterable<Uint8Array>, others: Iterable<Uint8Array>): boolean {
  const following = others[Symbol.iterator]();
  let other: Uint8Array | null = NOTHING;
  /** The other bytes that are compared next; null: there are no more. */
  const take = (): Uint8Array | null => {
    while (other !== null && other.length === 0) {
      const { done, value } = following.next();
      other = done === true ? null : value;
    }
    return other;
  };
  try {
    for (let one of some)
      while (one.length > 0) {
        const next = take();
        if (next === null) return false;
        const length = Math.min(one.length, next.length);
        if (Buffer.compare(one.subarray(0, length), next.subarray(0, length)) !== 0) return false;
        one = one.subarray(length);
        other = next.subarray(length);
      }
    return take() === null;
  } finally {
    following.return?.();
  }
}

/** The UTF-8 bytes of a text in pieces. A chunk is overwritten by the next one. */
export function* utf8Chunks(pieces: Iterable<string>): Generator<Uint8Array> {
  let buffer = Buffer.allocUnsafe(0);
  for (const piece of pieces) {
    const length = Buffer.byteLength(piece);
    if (length > buffer.length) buffer = Buffer.allocUnsafe(length);
    yield buffer.subarray(0, buffer.write(piece));
  }
}
