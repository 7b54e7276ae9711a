// Completes package-lock.json with the optional platform packages that some registries do not carry, so that
// `npm ci` finds lock and manifests in step on every machine. Run it after each change of a dependency.
import fs from 'node:fs';

const SYSTEMS = ['darwin', 'win32', 'freebsd', 'openbsd', 'netbsd', 'android', 'sunos', 'aix', 'openharmony'];
const PROCESSORS = [
  'arm64',
  'x64',
  'ia32',
  'ppc64',
  's390x',
  'riscv64',
  'loong64',
  'mips64el',
  'wasm32',
  'arm',
];

const lock = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'));
const added = [];
for (const [path, entry] of Object.entries({ ...lock.packages })) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key] || lock.packages[`${path}/${key}`]) continue;
    lock.packages[key] = platformPackage(name, range, entry.dev);
    added.push(key);
  }
}
// A link keeps where it leads; anything else is fetched from whatever registry is at hand.
for (const entry of Object.values(lock.packages)) if (!entry.link) delete entry.resolved;
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
fs.writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added.length} platform packages added\n`);

function platformPackage(name, range, dev) {
  const os =
    SYSTEMS.find((system) => name.includes(system)) ?? (name.includes('fsevents') ? 'darwin' : 'linux');
  const cpu = PROCESSORS.find((processor) => name.includes(processor));
  return {
    version: range.replace(/^[\^~]/, ''),
    ...(dev && { dev: true }),
    optional: true,
    os: [os],
    ...(cpu && { cpu: [cpu] }),
  };
}
