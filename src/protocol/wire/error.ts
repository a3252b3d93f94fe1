/** Bytes from the other side that cannot be what they claim to be. */
export class WireError extends Error {
  override readonly name: string = 'WireError';
}

/** A value that is written as it should be but is none that Terraform has. */
export class BadValue extends WireError {
  override readonly name = 'BadValue';
  /** Where in the value that was read it is, from the outside inwards. */
  readonly path: (string | number)[] = [];
}

/** Reads a part of a value; what is wrong in it is told with the place. */
export function within<T>(step: string | number, read: () => T): T {
  try {
    return read();
  } catch (failure) {
    throw placed(step, failure);
  }
}

/** The failure, with one more step on the way to it. */
export function placed(step: string | number, failure: unknown): unknown {
  if (failure instanceof BadValue) failure.path.unshift(step);
  return failure;
}
