import type { ResourceDefinition } from '../schema/define/definition';
import { type Diagnostic, warning } from '../common/diagnostic';
import { writeJson } from '../common/exact-json';
import { isKnown, sameValue, type Value, type ValueRecord } from '../common/value';
import type { Compiled } from './compiled';

/** Tells where the server keeps something else than it was sent; without that the next plan would show a change nobody made. */
export function differences(compiled: Compiled<ResourceDefinition>, planned: ValueRecord, actual: ValueRecord): Diagnostic[] {
  return compiled.fields.flatMap(({ name, api, facts }) => {
    const [sent, kept] = [planned[name] ?? null, actual[name] ?? null];
    if (!api || !isKnown(sent) || sameValue(sent, kept)) return [];
    const values = facts.sensitive ? '' : ` It was sent ${shown(sent)} and keeps ${shown(kept)}.`;
    return [
      warning(
        'Value Not Applied',
        `The server did not take "${name}" of ${compiled.definition.type} as it was sent.${values} The next plan will show the difference; write what the server keeps to end it.`,
        [name],
      ),
    ];
  });
}

const shown = (value: Value): string => writeJson(value);
