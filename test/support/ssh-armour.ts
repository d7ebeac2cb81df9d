const lengthPrefixed = (bytes: Uint8Array | string): Buffer => {
  const content = Buffer.from(bytes);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
};

/** An SSHSIG armour by hand (PROTOCOL.sshsig, "Blob format"), in the form that ssh-keygen writes. */
export function armourOf(parts: { type?: string; reserved?: string; hash?: string } = {}): string {
  const { type = 'ssh-ed25519', reserved = '', hash = 'sha512' } = parts;
  const key = Buffer.concat([lengthPrefixed(type), lengthPrefixed(Buffer.alloc(32, 7))]);
  const version = Buffer.from([0, 0, 0, 1]);
  const blob = [
    Buffer.from('SSHSIG'),
    version,
    lengthPrefixed(key),
    lengthPrefixed('sailplan'),
    lengthPrefixed(reserved),
    lengthPrefixed(hash),
    lengthPrefixed('s'),
  ];
  const lines =
    Buffer.concat(blob)
      .toString('base64')
      .match(/.{1,70}/g) ?? [];
  return `${['-----BEGIN SSH SIGNATURE-----', ...lines, '-----END SSH SIGNATURE-----'].join('\n')}\n`;
}
