import { describe, expect, it } from '@jest/globals';
import { objectionTo } from '../../lib/adapters/addresses.ts';

describe('F26: objectionTo', () => {
  it.each(['10.0.3.7', '172.16.0.1', '192.168.1.1', '8.8.8.8', '2600:1f18::1', 'fd12:3456::1'])(
    'lets %s pass: a server in a VPC has such an address',
    (address) => {
      expect(objectionTo(address, false)).toBeUndefined();
    },
  );

  it.each([
    '169.254.169.254',
    '169.254.170.2',
    'fd00:ec2::254',
    'fe80::1',
    'febf::1',
    'fec0::1',
    '0.0.0.0',
    '0.1.2.3',
    '224.0.0.1',
    '255.255.255.255',
    'ff02::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '::ffff:8.8.8.8',
    '::7f00:1',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    'fe80::1%eth0',
    '2852039166',
    '0251.0376.0251.0376',
    '0xa9.0xfe.0xa9.0xfe',
    'localhost',
    '',
  ])('objects to %s, also where loopback is allowed', (address) => {
    expect(objectionTo(address, true)).toEqual(expect.any(String));
  });

  it.each(['127.0.0.1', '127.8.9.1', '::1'])('objects to %s unless loopback is allowed', (address) => {
    expect(objectionTo(address, false)).toBe('a loopback address');
    expect(objectionTo(address, true)).toBeUndefined();
  });
});
