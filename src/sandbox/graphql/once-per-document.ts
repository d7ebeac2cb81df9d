import type { DocumentNode } from 'graphql';

const MAX_TEXTS = 64;

/**
 * Reads each of the last texts once. A client sends the same few texts again and again, and checking one takes longer than
 * executing it. What `read` throws is not remembered.
 */
export function oncePerText(read: (text: string) => DocumentNode): (text: string) => DocumentNode {
  const known = new Map<string, DocumentNode>();
  return (text) => {
    const document = known.get(text) ?? read(text);
    if (known.size >= MAX_TEXTS) known.clear();
    known.set(text, document);
    return document;
  };
}

/** Computes once what a document alone decides. */
export function oncePerDocument<Result extends object>(
  compute: (document: DocumentNode) => Result,
): (document: DocumentNode) => Result {
  const known = new WeakMap<DocumentNode, Result>();
  return (document) => {
    const result = known.get(document) ?? compute(document);
    known.set(document, result);
    return result;
  };
}
