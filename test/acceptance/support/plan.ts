/** The parts of `terraform show -json` that these tests look at. */
export interface PlanJson {
  readonly planned_values: {
    readonly root_module: { readonly resources?: readonly { readonly address: string; readonly values: object }[] };
  };
  readonly resource_changes?: readonly ChangeJson[];
  readonly resource_drift?: readonly ChangeJson[];
}

interface ChangeJson {
  readonly address: string;
  readonly mode: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
    readonly after_unknown: Readonly<Record<string, unknown>>;
    readonly importing?: unknown;
  };
}

/** What happens to each instance: `create`, `delete`, `create+delete`, or the attributes that change in place. */
export type Changes = Readonly<Record<string, string>>;

/** The changes of a plan; instances that stay as they are, are left out. */
export function changesOf(entries: readonly ChangeJson[] = []): Changes {
  const changed = entries.filter(({ mode, change }) => mode === 'managed' && (change.actions.join() !== 'no-op' || change.importing));
  return Object.fromEntries(changed.map(({ address, change }) => [address, words(change)]));
}

/** What an import block brings besides the import: the instances that are updated, with the names of the attributes. */
export function updatesOf(entries: readonly ChangeJson[] = []): Readonly<Record<string, readonly string[]>> {
  const updated = entries.filter(({ change }) => change.actions.join() !== 'no-op');
  return Object.fromEntries(
    updated.map(({ address, change }) => [
      address,
      change.actions.join() === 'update' ? differences(change).map(([name]) => name) : [change.actions.join('+')],
    ]),
  );
}

function words(change: ChangeJson['change']): string {
  const imported = change.importing ? 'import ' : '';
  if (change.actions.join() !== 'update') return imported + change.actions.join('+');
  return (
    imported +
    differences(change)
      .map((parts) => `${parts[0]} ${parts[1]} -> ${parts[2]}`)
      .join(', ')
  );
}

/** The attributes that differ, with both values as they are shown. */
function differences({
  before,
  after,
  after_unknown: unknown,
}: ChangeJson['change']): (readonly [name: string, old: string, next: string])[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {}), ...Object.keys(unknown)])].sort();
  return names.flatMap((name) => {
    const [old, next] = [shown(before?.[name]), unknown[name] === true ? 'unknown' : shown(after?.[name])];
    return old === next ? [] : [[name, old, next] as const];
  });
}

const shown = (value: unknown): string => JSON.stringify(value ?? null);
