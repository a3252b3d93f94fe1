import type { IConstruct } from 'constructs';
import { unservedText } from '../../src/common/serving';
import type { TypeSpec } from './attribute';
import type { AttributeValues } from './attribute-values';
import { problemsOf } from './problems';
import { isReported } from './suppress';
import { addWarning, atSynthesis } from './synthesis';
import { isToken } from './token';

/** Warns at synthesis about a repository that a server may not serve to clients of its package type. */
export function warnOfUnserved(construct: IConstruct, { serving }: TypeSpec, values: AttributeValues): void {
  if (!serving) return;
  const { packageType: type, served } = serving;
  // Most need no warning, which is known here already: only the others add a step to the synthesis.
  if (typeof type === 'string' && served.includes(type)) return;
  atSynthesis(construct, () => {
    const packageType = typeof type === 'string' ? type : values.get(type.attribute);
    if (typeof packageType !== 'string' || isToken(packageType) || served.includes(packageType) || problemsOf(construct).length > 0) return;
    if (isReported(construct, 'unserved-repository')) return;
    const name = values.get('name');
    const shown = typeof name === 'string' && !isToken(name) ? `"${name}"` : 'it';
    addWarning(construct, unservedText({ ...serving, packageType, name: shown }));
  });
}
