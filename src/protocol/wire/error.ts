/** Bytes from the other side that cannot be what they claim to be. */
export class WireError extends Error {
  override readonly name = 'WireError';
}
