import * as z from 'zod';
import type { AttributePath } from '../../src/common/diagnostic';
import type { Value } from '../../src/common/value';
import { replacedPaths } from '../../src/handler/plan-values';
import { attr, type Attributes } from '../../src/schema/define/attribute';
import { nested } from '../../src/schema/define/nested';
import { fieldsOf } from '../../src/schema/define/shape';

const part = nested({
  name: attr(z.string(), 'Name.'),
  disk: attr(z.string().optional(), 'Disk.', { forceNew: true }),
  size: attr(z.int().optional(), 'Size.'),
});
const of = (name: string, disk: string, size = 1): Value => ({ name, disk, size });

/** Where a member that forces replacement changed, in each kind of nesting. */
const cases: readonly [string, Attributes, Value, Value, readonly AttributePath[]][] = [
  ['an object', { a: attr(part, 'A.') }, of('x', 'd1'), of('x', 'd2'), [['a', 'disk']]],
  [
    'a map',
    { a: attr(z.record(z.string(), part), 'A.') },
    { k: of('x', 'd1') },
    { k: of('x', 'd2'), m: of('y', 'd') },
    [['a', { key: 'k' }, 'disk']],
  ],
  ['a list', { a: attr(z.array(part), 'A.') }, [of('x', 'd1'), of('y', 'd1')], [of('x', 'd1'), of('y', 'd2')], [['a', 1, 'disk']]],
  [
    'a list with elementKey, in another order',
    { a: attr(z.array(part), 'A.', { elementKey: 'name' }) },
    [of('x', 'd1'), of('y', 'd2')],
    [of('y', 'd2'), of('x', 'd3')],
    [['a']],
  ],
];

describe('a changed member that forces replacement', () => {
  it.each(cases)('in %s is named', (...[, attributes, prior, planned, paths]) =>
    expect(replacedPaths(fieldsOf(attributes), { a: prior }, { a: planned })).toEqual(paths),
  );

  it.each(cases)('in %s is none when another member changes', (...[, attributes, prior]) => {
    const other = JSON.parse(JSON.stringify(prior).replaceAll('"size":1', '"size":2')) as Value;
    expect(replacedPaths(fieldsOf(attributes), { a: prior }, { a: other })).toEqual([]);
  });

  it('in a list with elementKey is none when elements change places, come or go', () => {
    const fields = fieldsOf({ a: attr(z.array(part), 'A.', { elementKey: 'name' }) });
    const replaced = (before: Value, after: Value): unknown => replacedPaths(fields, { a: before }, { a: after });
    expect(replaced([of('x', 'd1'), of('y', 'd2')], [of('y', 'd2'), of('x', 'd1')])).toEqual([]);
    expect(replaced([of('x', 'd1')], [of('z', 'd3'), of('x', 'd1')])).toEqual([]);
    expect(replaced([of('z', 'd3'), of('x', 'd1')], [of('x', 'd1')])).toEqual([]);
  });
});
