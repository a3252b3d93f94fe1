import { UNKNOWN } from '../../common/value';
import type { Written } from '../../plans/plan';
import { isList, isRecord, type PlanRecord, type PlanValue, Secret, valueAt } from '../../plans/value';
import { type Field, isHidden, isServers, type Shape } from '../../schema/define/shape';
import type { CheckedSecret } from '../define/model';

/** A block whose secrets are looked for. */
export interface SecretSource {
  readonly values: PlanRecord;
  readonly fields: readonly Field[];
  readonly written: ReadonlyMap<string, Written>;
  /** Whether it comes from a plan, where a value that was given by a variable looks like any other. */
  readonly isPlanned: boolean;
}

/** The secrets that are set in a block. */
export function secretsIn({ values, fields, written, isPlanned }: SecretSource): CheckedSecret[] {
  return fields
    .filter((field) => !isServers(field))
    .flatMap((field) => {
      const form = written.get(field.name);
      const isLiteral = (value: PlanValue): boolean | undefined => {
        if (form === undefined) return undefined;
        return isPlanned ? form === 'literal' : value !== UNKNOWN;
      };
      return secretsAt(valueAt(values, field.name), field, { at: '', fields, isLiteral });
    });
}

interface Place {
  readonly at: string;
  /** The attributes beside it. */
  readonly fields: readonly Field[];
  isLiteral(value: PlanValue): boolean | undefined;
}

function secretsAt(value: PlanValue, field: Field, place: Place): CheckedSecret[] {
  if (value === null) return [];
  const path = place.at + field.name;
  if (!isHidden(field)) return within(value, field.shape, { ...place, at: path });
  if (value instanceof Secret && value.isEmpty) return [];
  return [{ path, isLiteral: place.isLiteral(value), writeOnlyForm: writeOnlyFormOf(field, place.fields) }];
}

function within(value: PlanValue, shape: Shape, place: Place): CheckedSecret[] {
  if ('element' in shape) {
    const items = isList(value) ? value.map((item, index) => [`[${index}]`, item] as const) : isRecord(value) ? Object.entries(value) : [];
    return items.flatMap(([key, item]) => within(item, shape.element, { ...place, at: place.at + (isList(value) ? key : `["${key}"]`) }));
  }
  if (shape.kind !== 'object' || !isRecord(value)) return [];
  return shape.fields.flatMap((field) =>
    secretsAt(valueAt(value, field.name), field, { ...place, at: `${place.at}.`, fields: shape.fields }),
  );
}

/** The write-only attribute beside a secret that the state would contain. */
function writeOnlyFormOf({ key, facts }: Field, fields: readonly Field[]): string | undefined {
  if (facts.writeOnly) return undefined;
  return fields.find(({ facts: other }) => other.writeOnly === true && other.rotation?.plain === key)?.name;
}
