import type { BuiltInRule } from '../../built-in';

/**
 * A stack with more than 500 resources keeps its state in a local file, which only one person has and nothing locks.
 *
 * @bad
 * Array.from({ length: 501 }, (_, n) => new LocalGeneric(this, `files-${n}`, { name: `files-${n}` }));
 * @good
 * new S3Backend(this, { bucket: 'state', key: 'registry.tfstate', region: 'eu-central-1' });
 * Array.from({ length: 501 }, (_, n) => new LocalGeneric(this, `files-${n}`, { name: `files-${n}` }));
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'Use a backend that is shared and locks, such as s3, pg or http.',
  checkStack(stack, { report }) {
    const { length } = stack.resources;
    if (stack.backend === 'local' && length > most) report(`the state of ${length} resources is a local file`);
  },
};

const most = 500;
