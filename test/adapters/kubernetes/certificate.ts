import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** As EKS gives it: PEM in base64. */
  readonly ca: string;
}

/** Signed by itself, for this address only: its own CA. */
export function certificateFor(address: string): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  try {
    const made = ['-newkey', 'rsa:2048', '-nodes', '-keyout', keyFile, '-out', certFile, '-days', '2'];
    const named = ['-subj', '/CN=kubernetes', '-addext', `subjectAltName=IP:${address}`];
    execFileSync('openssl', ['req', '-x509', ...made, ...named], { stdio: 'pipe' });
    const cert = readFileSync(certFile, 'utf8');
    return { key: readFileSync(keyFile, 'utf8'), cert, ca: Buffer.from(cert).toString('base64') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
