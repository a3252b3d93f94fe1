import type { AttributeSpec, AttributeType } from './attribute';
import { escapeHcl } from './hcl-text';
import { mapValues, toTerraform } from './to-terraform';
import { isPlainObject } from './token';

/** One attribute as the HCL renderer of the core takes it. */
export interface HclAttribute {
  readonly value: unknown;
  readonly isBlock: false;
  readonly type: 'simple' | 'any';
  readonly storageClassType: string;
}

/** The attributes by their Terraform names, for HCL, without those that are not set. */
export function attributesToHcl(specs: readonly AttributeSpec[], values: Readonly<Record<string, unknown>>): Record<string, HclAttribute> {
  const result: Record<string, HclAttribute> = {};
  for (const spec of specs) {
    const value = toTerraform(spec.type, values[spec.key]);
    if (value !== undefined && value !== null) result[spec.name] = toHcl(spec.type, value);
  }
  return result;
}

function toHcl(type: AttributeType, value: unknown): HclAttribute {
  if (typeof type === 'string') {
    const text = typeof value === 'string' ? escapeHcl(value) : value;
    return { value: text, isBlock: false, type: 'simple', storageClassType: type === 'bool' ? 'boolean' : type };
  }
  return { value: escapeDeep(value), isBlock: false, type: 'any', storageClassType: 'any' };
}

/** Inside collections, the renderer mistakes a string that begins like a number, list, object or quote for one; escaping the first character prevents that. */
function escapeDeep(value: unknown): unknown {
  if (typeof value === 'string') {
    const text = escapeHcl(value);
    return /^(?:[[{\d-]|\\")/.test(text) && !/\$\{/.test(text) ? firstEscaped(text) : text;
  }
  if (Array.isArray(value)) {
    // A list token is a list of one marker that must be left whole.
    if (value.length === 1 && typeof value[0] === 'string' && value[0].startsWith('#{')) return value;
    return value.filter((item) => item !== undefined && item !== null).map(escapeDeep);
  }
  if (!isPlainObject(value)) return value;
  return mapValues(Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined && item !== null)), escapeDeep);
}

function firstEscaped(text: string): string {
  if (text.startsWith('\\"')) return text;
  return `\\u${text.charCodeAt(0).toString(16).padStart(4, '0')}${text.slice(1)}`;
}
