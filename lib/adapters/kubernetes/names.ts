import { BadInput } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const WANTED = 'of a-z, 0-9 and "-", with a letter or digit at both ends (RFC 1123)';

/** A namespace, before it enters a path or an argument. @throws BadInput */
export function namespaceChecked(namespace: string): string {
  if (LABEL.test(namespace)) return namespace;
  throw unusable('namespace', namespace, `1 to 63 ${WANTED}`);
}

/** The name of an object: labels joined by dots. @throws BadInput */
export function nameChecked(name: string): string {
  const labels = name.length <= 253 ? name.split('.') : [];
  if (labels.length > 0 && labels.every((label) => LABEL.test(label))) return name;
  throw unusable('name', name, `1 to 253 ${WANTED}, or several such parts of up to 63 joined by "."`);
}

/** A path of a pod: a `..` in it, also one that is written `%2e%2e`, would lead to other objects. @throws BadInput */
export function podPathChecked(path: string): string {
  if (path.length <= 1000 && /^(\/|(\/[\w~-][\w.~-]*)+)$/.test(path)) return path;
  throw unusable(
    'path of a pod',
    path,
    '"/" and segments of letters, digits, "_", "-", "~" and ".", none of which begins with "."',
  );
}

/** The name of an EKS cluster, as `eks:CreateCluster` allows it. @throws BadInput */
export function eksNameChecked(name: string): string {
  if (/^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/.test(name)) return name;
  throw unusable(
    'EKS cluster',
    name,
    '1 to 100 letters, digits, "-" and "_", beginning with a letter or digit',
  );
}

const unusable = (what: string, value: string, wanted: string) =>
  new BadInput(`Cannot use "${printable(value).slice(0, 80)}" as ${what}: expected ${wanted}`);
