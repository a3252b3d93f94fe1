import { type CombinedMember } from './format';

/** An error about the document of a member, as text: it may come from another thread. */
export function memberFault(member: string, cause: unknown): Error {
  return new Error(`${member}\n${(cause as Error).message}`);
}

/** Waits for what is made of documents of members; of what is wrong with the document of one, the error names that one. */
export async function blaming<T>(members: readonly CombinedMember[], what: string, made: Promise<T>): Promise<T> {
  try {
    return await made;
  } catch (cause) {
    const [name, reason = ''] = (cause as Error).message.split('\n');
    const member = members.find(({ location }) => location.name === name);
    throw member ? member.failed(new Error(`its ${what} cannot be merged: ${reason}`)) : cause;
  }
}
