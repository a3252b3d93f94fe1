import { describeClient } from '../../clients/support';
import { cleanUp } from '../helpers';
import { describePostgres } from '../postgres';
import { processes, workAtOnce } from './collecting';
import { interleave } from './interleavings';
import { S3Server } from './s3-server';

afterEach(cleanUp);

/** Whoever has the time runs this many times as much. */
const TIMES = Number(process.env['REPOFORM_INTERLEAVINGS'] ?? 1);
/** Seeds before it are taken by store/objects.test.ts. */
const FIRST = 501;
const SIMULATED = 2000 * TIMES;
/** A round takes a third of a second of CPU, and half of one with a bucket. */
const [FOLDER, BUCKET] = [80 * TIMES, 30 * TIMES];
const PATIENCE_MS = 600_000 * TIMES;

test(
  `in ${SIMULATED} more random interleavings no blob loses its bytes, and no object is forgotten`,
  () => interleave({ first: FIRST, runs: SIMULATED }),
  PATIENCE_MS,
);

describePostgres(() => {
  test(
    `in ${FOLDER} rounds of two processes on a folder, what is referred to is there, and what is there is noted`,
    async () => workAtOnce(await processes(), FOLDER),
    PATIENCE_MS,
  );

  describeClient('versitygw', () => {
    let server: S3Server;
    beforeAll(async () => void (server = await S3Server.start()));
    afterAll(() => server.stop());

    test(
      `in ${BUCKET} rounds of two processes on a bucket, what is referred to is there, and what is there is noted`,
      async () => workAtOnce(await processes(server), BUCKET),
      PATIENCE_MS,
    );
  });
});
