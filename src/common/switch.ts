/** Whether a switch in the environment is on: `1`, `true`, `yes` or `on`, in any case. Throws an error that names the variable if its value is neither that nor a no. */
export function isSwitchedOn(variable: string, value = ''): boolean {
  if (/^(?:1|true|yes|on)$/i.test(value)) return true;
  if (/^(?:0|false|no|off|)$/i.test(value)) return false;
  throw new Error(
    `${variable}: ${JSON.stringify(value)} is neither yes nor no; expected 1, true, yes or on, or 0, false, no, off or nothing`,
  );
}
