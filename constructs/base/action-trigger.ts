import { TerraformStack, type TerraformResource } from 'cdktf';
import type { Action, ActionEvent, TriggerOptions } from './action';
import { setProblems } from './problems';

type Json = Record<string, unknown>;

interface Trigger extends TriggerOptions {
  readonly action: Action;
}

const triggersOf = new WeakMap<TerraformResource, Trigger[]>();

const possible: readonly ActionEvent[] = ['before_create', 'after_create', 'before_update', 'after_update'];
const usual = ['after_create', 'after_update'] as const;

/** Adds a trigger to the `lifecycle` of a resource, which neither core has a property for. */
export function addTrigger(resource: TerraformResource, action: Action, options: TriggerOptions): void {
  const [own, other] = [TerraformStack.of(action), TerraformStack.of(resource)];
  if (own !== other)
    setProblems(action, `trigger ${resource.node.path}`, [
      `it is triggered by ${resource.node.path} of the stack "${other.node.id}", but an action must be in the same stack; create one in "${other.node.id}"`,
    ]);
  const unknown = (options.events ?? []).filter((event) => !possible.includes(event));
  if (unknown.length > 0)
    setProblems(action, `unknown events ${resource.node.path}`, [
      `unknown event ${unknown.map((event) => JSON.stringify(event)).join(', ')} of ${resource.node.path}; expected ${possible.join(', ')}`,
    ]);
  if (options.events?.length === 0)
    setProblems(action, `events ${resource.node.path}`, [`no event of ${resource.node.path} triggers it; name at least one in "events"`]);
  const known = triggersOf.get(resource);
  if (known) return void known.push({ action, ...options });
  const all: Trigger[] = [{ action, ...options }];
  triggersOf.set(resource, all);
  const json = resource.toTerraform.bind(resource);
  const hcl = resource.toHclTerraform.bind(resource);
  resource.toTerraform = () => withLifecycle(json() as Json, (lifecycle) => ({ ...lifecycle, action_trigger: all.map(jsonOf) }));
  resource.toHclTerraform = () =>
    withLifecycle(hcl() as Json, (lifecycle) => ({
      value: { ...lifecycle, action_trigger: { value: all.map(hclOf), isBlock: true, type: 'list', storageClassType: 'list' } },
    }));
}

/** The block of a resource with another `lifecycle`. */
function withLifecycle(block: Json, change: (lifecycle: Json) => Json): Json {
  const { resource } = block as { readonly resource?: Readonly<Record<string, Readonly<Record<string, Json>>>> };
  if (!resource) return block;
  const changed = Object.entries(resource).map(([type, byName]) => [
    type,
    Object.fromEntries(
      Object.entries(byName).map(([name, body]) => [name, { ...body, lifecycle: change((body['lifecycle'] as Json | undefined) ?? {}) }]),
    ),
  ]);
  return { ...block, resource: Object.fromEntries(changed) };
}

/** Terraform reads references in `actions` as they stand, not as templates. */
const jsonOf = ({ action, events = usual, condition }: Trigger): Json => ({
  events: [...events],
  ...(condition !== undefined && { condition }),
  actions: [action.address],
});

const hclOf = ({ action, events = usual, condition }: Trigger): Json => ({
  events: bare(`[${events.join(', ')}]`),
  ...(condition !== undefined && { condition }),
  actions: bare(`[${action.address}]`),
});

const bare = (value: string): Json => ({ value, type: 'reference' });
