import { type Diagnostic, warning } from '../../common/diagnostic';
import { isList } from '../../common/value';
import type { PlanCheck } from '../../schema/define/resource';

const detail = (id: string): string =>
  `The server has no user "${id}", and none is planned in this run so far; it will make one with a random password. Write the user as a reference (bkrepo_user.example.user_id) so that it is made first, or correct the id.`;

/** Warns of users that an attribute names and that the server would make by itself. */
export const usersKnown =
  (attribute: string): PlanCheck =>
  async (planned, context) => {
    const users = planned[attribute] ?? null;
    const ids = isList(users) ? users.filter((id): id is string => typeof id === 'string') : [];
    const found = await Promise.all(ids.map((id) => context.find(/^bkrepo_user$/, id)));
    return ids.flatMap((id, index): Diagnostic[] => (found[index] ? [] : [warning('User Not Found', detail(id), [attribute])]));
  };
