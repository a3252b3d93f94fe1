import { type Context } from '../../context';
import { HttpError } from '../../errors';
import { type Remote, type Virtual } from '../../store/repositories';

/** The members of a virtual, in their order. One that has gone is an error: what it had must not come from the others. */
export async function membersOf(context: Context, virtual: Virtual): Promise<Remote[]> {
  return Promise.all(
    virtual.members.map(async (name) => {
      const member = await context.store.repositories.remote(name);
      if (member?.package_type === virtual.package_type) return member;
      const wrong = member ? `has package type ${member.package_type}` : 'does not exist';
      throw new HttpError(502, `member ${JSON.stringify(name)} of virtual ${JSON.stringify(virtual.name)} ${wrong}`);
    }),
  );
}
