import { fileURLToPath } from 'node:url';

/** From here to `dist/lambdas`: this file is in lib/infra of a checkout, and in dist/lib/infra of the package. */
const WAY = import.meta.url.endsWith('.ts') ? '../../dist/lambdas' : '../../lambdas';

/** The bundles that come with this package. */
export const OWN_BUNDLES = fileURLToPath(new URL(WAY, import.meta.url));
