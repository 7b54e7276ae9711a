import { BlockList, isIP } from 'node:net';

/** An IP address that a name stands for. */
export interface Address {
  readonly address: string;
  readonly family: number;
}

/** Looks a name up; the system's own, or a test's. */
export type Resolve = (hostname: string) => Promise<readonly Address[]>;

/** One list a family: a list of IPv4 also answers for IPv4 addresses inside IPv6 ones. */
const loopback = {
  ipv4: blockList([['127.0.0.0', 8, 'ipv4']]),
  ipv6: blockList([['::1', 128, 'ipv6']]),
};

/**
 * Addresses that no URL from a file may lead to. Private ranges are not among them: an MLflow server in a VPC
 * has such an address. Instance metadata is at 169.254.169.254 and fd00:ec2::254, task credentials at
 * 169.254.170.2; forms of IPv6 that carry an IPv4 address inside are refused whatever they carry.
 */
const never = blockList([
  ['0.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
  ['fd00:ec2::', 32, 'ipv6'],
]);

const embedding = blockList([
  ['::', 96, 'ipv6'],
  ['::ffff:0:0', 96, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['2002::', 16, 'ipv6'],
]);

/** Why this address may not be connected to, or nothing. */
export function objectionTo(address: string, loopbackAllowed: boolean): string | undefined {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0) return 'no IP address';
  if (loopback[family].check(address, family)) return loopbackAllowed ? undefined : 'a loopback address';
  if (family === 'ipv6' && embedding.check(address, family)) return 'an IPv4 address inside IPv6';
  return never.check(address, family) ? 'a link-local, multicast or reserved address' : undefined;
}

function blockList(subnets: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix, family] of subnets) list.addSubnet(net, prefix, family);
  return list;
}
