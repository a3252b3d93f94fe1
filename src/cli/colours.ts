/** Whether the output is in colours: where a terminal shows them and nobody asked for none. */
export const hasColours = ({ stdout, env }: Pick<NodeJS.Process, 'stdout' | 'env'> = process): boolean =>
  stdout.isTTY && stdout.hasColors() && !env['NO_COLOR'];
