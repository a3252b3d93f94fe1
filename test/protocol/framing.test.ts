import * as fc from 'fast-check';
import { frame, FrameReader } from '../../src/protocol/grpc/framing';
import { GrpcError, toGrpcMessage } from '../../src/protocol/grpc/status';

describe('frames', () => {
  test('come together however they are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }),
        (messages, cuts) => {
          const bytes = Buffer.concat(messages.map(frame));
          const reader = new FrameReader();
          const read: Buffer[] = [];
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const size = cuts[i % cuts.length] as number;
            read.push(...reader.push(bytes.subarray(at, at + size)));
            at += size;
          }
          expect(read).toEqual(messages.map((message) => Buffer.from(message)));
          expect(reader.partial).toBe(false);
        },
      ),
    );
  });

  test('that are compressed are refused with UNIMPLEMENTED', () => {
    expect(() => new FrameReader().push(Buffer.from([1, 0, 0, 0, 0]))).toThrow(new GrpcError(12, 'compressed messages are not supported'));
  });

  test('that are too large are refused before their bytes arrive', () => {
    const reader = new FrameReader(10);
    expect(() => reader.push(Buffer.from([0, 0, 0, 0, 11]))).toThrow(new GrpcError(8, 'a message of 11 bytes is larger than 10'));
  });

  test('cut short leave the reader in the middle of a message', () => {
    const reader = new FrameReader();
    expect(reader.push(Buffer.from([0, 0, 0, 0, 2, 1]))).toEqual([]);
    expect(reader.partial).toBe(true);
  });
});

test('a status message is percent-encoded, half a character too', () => {
  expect(toGrpcMessage('50% of é\n\ud800')).toBe('50%25 of %C3%A9%0A%EF%BF%BD');
});
