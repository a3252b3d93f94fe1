import { writeJson } from '../common/exact-json';
import { isKnown, type PlanValue } from '../plans/value';
import type { Entry } from './describe';
import { type Report, sentence } from './render';
import { jsonValue, type Wording } from './wording';

/** The version of the format; it rises when something in it is removed or changes its meaning. */
const VERSION = 1;

/** Plans in JSON; `docs/guides/reviewing-changes.md` describes the format. */
export function jsonOf(reports: readonly Report[]): string {
  const plans = reports.map(({ name, description: { entries, drift, others, ...description } }) => ({
    name,
    changes: description.changes,
    errored: description.errored,
    incomplete: description.incomplete,
    counts: description.counts,
    other_providers: others,
    invocations: description.invocations.map(({ address, triggeredBy }) => ({ address, triggered_by: triggeredBy ?? null })),
    outputs: description.outputs,
    objects: entries.map(entryJson),
    drift: drift.map(entryJson),
  }));
  return `${writeJson({ format: 'repoform.diff', version: VERSION, changes: plans.some(({ changes }) => changes), plans })}\n`;
}

function entryJson({ section, action, ids, object, notes, effects }: Entry): object {
  const [first = '', last] = ids;
  return {
    section,
    action,
    address: object.address,
    type: object.type,
    provider: object.source,
    id: last ?? first,
    ...(last !== undefined && { previous_id: first }),
    notes: notes.map(plain),
    effects: effects.map(({ kind, attribute, words, before, after }) => ({
      kind,
      attribute,
      text: plain(words),
      before: value(before),
      after: value(after),
      ...(!isKnown(after) && { unknown: true }),
    })),
  };
}

const plain = (words: Wording): string => sentence(words, ({ code }) => code);
const value = (one: PlanValue): unknown => jsonValue(one, { later: null });
