/** What an armored text says it holds. */
export type ArmorType = 'PUBLIC KEY BLOCK' | 'PRIVATE KEY BLOCK' | 'SIGNATURE';

const LINE = 64;

/** Writes packets as text (RFC 4880, section 6). */
export function armored(type: ArmorType, packets: Buffer): string {
  const lines = packets.toString('base64').match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return [`-----BEGIN PGP ${type}-----`, '', ...lines, `=${checksum(packets)}`, `-----END PGP ${type}-----`, ''].join('\n');
}

/** Reads packets from text; throws with the reason if the text is something else. */
export function unarmored(type: ArmorType, text: string): Buffer {
  const [, content] = new RegExp(`-----BEGIN PGP ${type}-----\\r?\\n([^]*?)-----END PGP ${type}-----`).exec(text) ?? [];
  if (content === undefined) {
    const [, found] = /-----BEGIN ([\w ]+)-----/.exec(text) ?? [];
    throw new Error(`expected "-----BEGIN PGP ${type}-----"${found === undefined ? '' : `, found "-----BEGIN ${found}-----"`}`);
  }
  // Headers such as "Comment:" end with the first empty line.
  const lines = content.split(/\r?\n/).map((line) => line.trim());
  const body = lines.slice(lines.indexOf('') + 1).filter((line) => line !== '');
  const [sum] = body.filter((line) => line.startsWith('='));
  const base64 = body.filter((line) => !line.startsWith('=')).join('');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new Error('its content is not Base64');
  const packets = Buffer.from(base64, 'base64');
  if (sum !== undefined && sum !== `=${checksum(packets)}`)
    throw new Error('its checksum does not match its content; it was damaged or cut');
  return packets;
}

/** The CRC-24 of OpenPGP, in Base64. */
function checksum(content: Buffer): string {
  let crc = 0xb704ce;
  for (const byte of content) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x800000 ? ((crc << 1) ^ 0x864cfb) & 0xffffff : crc << 1;
  }
  return Buffer.from([crc >> 16, (crc >> 8) & 0xff, crc & 0xff]).toString('base64');
}
