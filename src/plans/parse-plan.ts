import type { AttributePath } from '../common/diagnostic';
import { parseJson } from '../common/exact-json';
import { UNKNOWN } from '../common/value';
import { z } from '../schema/define';
import { type ConfiguredBlock, configurationOf } from './configuration';
import { depthProblem } from './depth';
import type { KnownForm, KnownProviders } from './known';
import type { Action, Change, Plan } from './plan';
import { asOwn, formOf, marksAsOwn, ownNames } from './other-form';
import { planRecord } from './plan-values';
import { type PlanRecord, valueAt } from './value';

/** What came of reading something: it, or what is wrong with it, as the end of a sentence. */
export type Parsed<T> = { readonly value: T } | { readonly problem: string };

const changeJson = z.object({
  address: z.string(),
  previous_address: z.string().optional(),
  mode: z.enum(['managed', 'data']),
  type: z.string(),
  name: z.string(),
  deposed: z.string().optional(),
  provider_name: z.string().default(''),
  action_reason: z.string().optional(),
  change: z.object({
    actions: z.array(z.string()),
    before: z.unknown().optional(),
    after: z.unknown().optional(),
    after_unknown: z.unknown().optional(),
    before_sensitive: z.unknown().optional(),
    after_sensitive: z.unknown().optional(),
    replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).optional(),
    importing: z.object({ id: z.string().optional(), identity: z.unknown().optional(), unknown: z.boolean().optional() }).nullish(),
  }),
});
type ChangeJson = z.output<typeof changeJson>;

/** The format of `show -json` for a saved plan, as far as it is used: Terraform's "JSON Output Format", major version 1, which OpenTofu has too. */
const planJson = z.object({
  format_version: z.string(),
  terraform_version: z.string().optional(),
  resource_changes: z.array(changeJson).optional(),
  resource_drift: z.array(changeJson).optional(),
  deferred_changes: z.array(z.object({ reason: z.string().optional(), resource_change: changeJson })).optional(),
  action_invocations: z
    .array(z.object({ address: z.string(), lifecycle_action_trigger: z.object({ triggering_resource_address: z.string() }).nullish() }))
    .optional(),
  output_changes: z.record(z.string(), z.object({ actions: z.array(z.string()) })).optional(),
  configuration: z.unknown().optional(),
  errored: z.boolean().optional(),
  complete: z.boolean().optional(),
});

/** Reads a plan in JSON. */
export function parsePlan(text: string, known: KnownProviders): Parsed<Plan> {
  let json: unknown;
  try {
    json = parseJson(text.replace(/^\uFEFF/, ''));
  } catch {
    return { problem: notJson(text) };
  }
  const other = depthProblem(json) ?? otherJson(json);
  if (other !== undefined) return { problem: other };
  const { success, data, error } = planJson.safeParse(json);
  if (!success) {
    const [issue] = error.issues;
    return { problem: `it is not a plan as "show -json" writes it: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` };
  }
  return planOf(data, known);
}

function notJson(text: string): string {
  if (text.trim() === '') return 'it is empty';
  if (/^\s*\{"@level"/.test(text))
    return 'it is the log that "plan -json" prints, which does not have the values; save the plan with "plan -out=FILE" and pass FILE, or the output of "show -json FILE"';
  return 'it is neither a saved plan nor JSON, or it was cut off';
}

/** What a JSON document is that is no plan, and what to do. */
function otherJson(json: unknown): string | undefined {
  const has = (name: string): boolean => typeof json === 'object' && json !== null && Object.hasOwn(json, name);
  if (has('format_version') && has('values')) return 'it is a state, not a plan; save a plan with "plan -out=FILE"';
  if (has('lineage') && has('serial')) return 'it is a state file, not a plan; save a plan with "plan -out=FILE"';
  if (has('@level')) return notJson('{"@level"');
  if (!has('format_version')) return 'it has no "format_version", so it is not a plan as "show -json" writes it';
  const version = (json as { readonly format_version: unknown }).format_version;
  return typeof version === 'string' && /^1\.\d+$/.test(version)
    ? undefined
    : `its format is ${JSON.stringify(version)}, but only 1.x can be read; update repoform, or plan with Terraform 1.2 or later or any OpenTofu`;
}

function planOf(json: z.output<typeof planJson>, known: KnownProviders): Parsed<Plan> {
  const {
    resource_changes: listed = [],
    resource_drift: drifted = [],
    deferred_changes: deferred = [],
    action_invocations: invoked = [],
  } = json;
  const configuration = configurationOf(json.configuration, known);
  const read = (one: ChangeJson, why?: string): Change => changeOf(one, { known, block: configuration.blockAt(one.address), why });
  const strange = [...listed, ...drifted]
    .map(({ change }) => change.actions)
    .find((actions) => !Object.hasOwn(actionNames, actions.join()));
  if (strange) return { problem: `it has the unknown action "${strange.join()}"; update repoform` };
  const changes = [...listed.map((one) => read(one)), ...deferred.map((one) => read(one.resource_change, one.reason ?? 'unknown'))];
  const outputs = Object.entries(json.output_changes ?? {}).map(
    ([name, { actions }]) => [name, actionNames[actions.join()] ?? 'update'] as const,
  );
  return {
    value: {
      ...(json.terraform_version !== undefined && { coreVersion: json.terraform_version }),
      objects: changes.filter(({ after, deposed }) => after !== undefined && deposed === undefined).map(({ object }) => object),
      providers: configuration.providers,
      changes,
      drift: drifted.map((one) => read(one)),
      invocations: invoked.map(({ address, lifecycle_action_trigger: trigger }) => ({
        address,
        ...(trigger && { triggeredBy: trigger.triggering_resource_address }),
      })),
      outputs: new Map(outputs.filter(([, action]) => action !== 'none')),
      errored: json.errored === true,
      incomplete: json.complete === false,
    },
  };
}

const actionNames: Readonly<Record<string, Action>> = {
  'no-op': 'none',
  create: 'create',
  read: 'read',
  update: 'update',
  delete: 'delete',
  'delete,create': 'replace',
  'create,delete': 'replace',
  forget: 'forget',
  'create,forget': 'replace',
  'forget,create': 'replace',
};

interface Context {
  readonly known: KnownProviders;
  readonly block: ConfiguredBlock;
  readonly why: string | undefined;
}

function changeOf(json: ChangeJson, { known, block, why }: Context): Change {
  const { address, mode, type, name, change, provider_name: source } = json;
  const form = mode === 'managed' ? formOf(change.after ?? change.before, known.forms(source, type), change.after_unknown) : undefined;
  const described = form?.known ?? (mode === 'managed' ? known.type(source, type) : undefined);
  const fields = described?.fields ?? [];
  const gone = (side: unknown): boolean => side === null || side === undefined;
  // Values of types that nobody describes are not looked at, so that none of them can show.
  const side = (one: unknown, marks: { unknown: unknown; sensitive: unknown }) =>
    gone(one)
      ? undefined
      : form
        ? planRecord(asOwn(one, form), { unknown: marksAsOwn(marks.unknown, form), sensitive: marksAsOwn(marks.sensitive, form) }, fields)
        : described
          ? planRecord(one, marks, fields)
          : {};
  const before = side(change.before, { unknown: false, sensitive: change.before_sensitive });
  const after = side(change.after, { unknown: change.after_unknown, sensitive: change.after_sensitive });
  const actions = change.actions.join();
  return {
    object: {
      address,
      mode,
      type: described?.definition.type ?? type,
      ...(form && { declaredAs: type }),
      name,
      source,
      ...(described && { known: described }),
      values: after ?? before ?? {},
      ...(form ? ownBlock(block, form, after ?? before) : block),
    },
    action: actionNames[actions] ?? 'update',
    ...(before && { before }),
    ...(after && { after }),
    replacePaths: (change.replace_paths ?? []) as readonly AttributePath[],
    ...(actions.includes('forget') && actions.includes('create') && { keepsOld: true }),
    ...(json.action_reason !== undefined && { reason: json.action_reason }),
    ...(json.previous_address !== undefined && { movedFrom: json.previous_address }),
    ...(change.importing && { importId: change.importing.id ?? UNKNOWN }),
    ...(json.deposed !== undefined && { deposed: json.deposed }),
    ...(why !== undefined && { deferred: why }),
  };
}

/** What the configuration says of a block of another provider, by our attributes: of each that is set no more than of the one that contains it. */
function ownBlock({ written, references }: ConfiguredBlock, form: KnownForm, values: PlanRecord = {}): ConfiguredBlock {
  const own = <T>(all: ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
    new Map(
      [...all].flatMap(([name, value]) =>
        ownNames(name, form).flatMap((ours) => (valueAt(values, ours) === null ? [] : [[ours, value] as const])),
      ),
    );
  return { written: own(written), references: own(references) };
}
