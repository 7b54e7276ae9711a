/** CPU time that this process has had, in ms. A limit on work: what else keeps the machine busy does not count. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
