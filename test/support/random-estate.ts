import fc from 'fast-check';
import type { ValueRecord } from '../../src/common/value';
import { isListable } from '../../src/handler/listing';
import type { Got } from '../../src/testing/http-server';
import { Subject } from '../../src/testing/subject';
import type { Target } from '../../src/testing/target';
import { validConfigs } from '../../src/testing/valid-configs';

/** An object that was made. */
export interface Made {
  readonly type: string;
  readonly id: string;
}

/** What an object has to be so that BK-Repo's lists have it, by its type. */
const listedOnly: Readonly<Record<string, ValueRecord>> = {
  '^bkrepo_[a-z]+_repository$': { visibility: 'PROJECT' },
  '^bkrepo_role$': { repository: null, admin: false },
  '^bkrepo_repository_access_mode$': { mode: 'STRICT' },
};

/** What deletes of others would lose: it stays where it is. */
const artifacts: ReadonlySet<string> = new Set(['artifactapi_local_file', 'bkrepo_generic_file']);

/** How many configurations of a type the provider creates; further objects are made by the same requests with other names. */
const different = 8;

/**
 * Makes random objects of every type that is adopted, as many of each as it takes to have `count`. What a server refuses is not made;
 * types whose objects have no name of their own, such as one for each repository, stay few.
 */
export async function layRandomly(target: Target, count: number, seed = 14): Promise<readonly Made[]> {
  const definitions = target.provider.resources.filter((one) => isListable(one, true) && !artifacts.has(one.type));
  const core = await target.core();
  const made: Made[] = [];
  for (const [place, definition] of definitions.entries()) {
    const subject = new Subject(definition, target);
    const { type } = definition;
    const each = Math.ceil((count - made.length) / (definitions.length - place));
    const numRuns = Math.min(subject.hasOwnName() ? each : 4, different);
    const configs = fc.sample(validConfigs(subject, await subject.example('full')), { numRuns, seed });
    const shown = Object.entries(listedOnly).find(([pattern]) => new RegExp(pattern).test(type))?.[1];
    const originals: { readonly id: string; readonly writes: readonly Got[] }[] = [];
    for (const [index, config] of configs.entries()) {
      const own = { ...subject.renamed(config, `-q${index}q`), ...shown };
      const before = target.server.log.length;
      const { instance } = await core.ensure(type, own);
      if (!instance) continue;
      made.push({ type, id: subject.id(own) });
      originals.push({ id: subject.id(own), writes: target.server.log.slice(before).filter(({ method }) => method !== 'GET') });
    }
    const copies = subject.hasOwnName() && originals.length > 0 ? Math.max(0, each - originals.length) : 0;
    for (let number = 0; number < copies; number += 1) {
      const { id, writes } = originals[number % originals.length] ?? { id: '', writes: [] };
      const rename = (text: string): string => text.replace(/-q(\d)q/g, `-q$1c${number}q`);
      if (await sendAgain(target, writes, rename)) made.push({ type, id: rename(id) });
    }
  }
  return made;
}

/** Sends what the provider sent, under other names; whether the server took it. */
async function sendAgain(target: Target, writes: readonly Got[], rename: (text: string) => string): Promise<boolean> {
  for (const { method, path, headers, text } of writes) {
    const { 'content-length': _length, 'transfer-encoding': _encoding, connection: _connection, host: _host, ...kept } = headers;
    const answer = await fetch(target.server.endpoint + rename(path), {
      method,
      headers: kept as Record<string, string>,
      ...(text !== '' && { body: rename(text) }),
    });
    await answer.arrayBuffer();
    if (!answer.ok) return false;
  }
  return true;
}
