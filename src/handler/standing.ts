import type { ApiClient } from '../schema/define/client';
import type { Permission, Place } from '../schema/define/needs';

/** Whether a login has a permission, where the server was asked about it. */
export interface Standing {
  readonly permission: Permission;
  readonly held: readonly Place[];
  readonly lacking: readonly Place[];
  /** Whether the server did not tell for some place, or there is none to ask about. */
  readonly isUnknown: boolean;
  /** How many places there are that were not asked about. */
  readonly left: number;
}

/** More would take long, and tell little. */
const ASKED = 20;

/** Asks the server whether the login has a permission, in the whole server or in some places; nothing is changed. */
export async function standingOf(client: ApiClient, permission: Permission): Promise<Standing | undefined> {
  const { held: ask, places } = permission;
  if (!ask) return undefined;
  const all = places ? await places(client) : [{}];
  const some = all.slice(0, ASKED);
  const answers = await Promise.all(some.map((place) => ask({ client, place: place as never })));
  return {
    permission,
    held: some.filter((_, index) => answers[index] === true),
    lacking: some.filter((_, index) => answers[index] === false),
    isUnknown: some.length === 0 || answers.includes(undefined),
    left: all.length - some.length,
  };
}
