import { type Attributes, type Diagnostic, knownItems, type MaybeUnknown, type PlanCheckCall, warning } from '../../schema/define';

const detail = (id: string): string =>
  `The server has no user "${id}", and none is planned in this run so far; it will create one with a random password. Use a reference (bkrepo_user.example.user_id) so that the user is created first, or correct the id.`;

/** Warns of users that an attribute names and that the server would create by itself. */
export async function usersKnown(
  attribute: string,
  users: MaybeUnknown<readonly string[] | undefined>,
  { find }: Pick<PlanCheckCall<Attributes>, 'find'>,
): Promise<Diagnostic[]> {
  const missing = knownItems(users).map(async ([, userId]) =>
    (await find(/^bkrepo_user$/, { userId })) ? [] : [warning('User Not Found', detail(userId), [attribute])],
  );
  return (await Promise.all(missing)).flat();
}
