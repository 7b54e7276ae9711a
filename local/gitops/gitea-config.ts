/** Where Gitea is and what it is told: SQLite, no mail, no search, no keys, only who has a token may write. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { inFolder, nodeAddress, type Place } from '../cluster/place.ts';
import type { GitopsPrograms } from './programs.ts';

const PORT = 3000;

/** One address for all: this machine, functions on it, and Argo CD inside the node. */
export const giteaUrl = (place: Place): string => `http://${nodeAddress(place)}:${PORT}`;

export const giteaFolder = (place: Place): string => inFolder(place, 'gitea');

/** Written once a cluster: its secrets must not change under a server that runs. */
export function giteaConfig(place: Place, programs: GitopsPrograms): string {
  const file = inFolder(place, 'gitea', 'app.ini');
  if (existsSync(file)) return file;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text(place, programs), { mode: 0o600 });
  return file;
}

const text = (place: Place, programs: GitopsPrograms): string => `RUN_MODE = prod
I_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true
WORK_PATH = ${giteaFolder(place)}
[server]
PROTOCOL = http
HTTP_ADDR = ${nodeAddress(place)}
HTTP_PORT = ${PORT}
ROOT_URL = ${giteaUrl(place)}/
STATIC_ROOT_PATH = ${dirname(programs.templates)}
APP_DATA_PATH = ${giteaFolder(place)}/data
DISABLE_SSH = true
OFFLINE_MODE = true
LFS_START_SERVER = false
[database]
DB_TYPE = sqlite3
PATH = ${giteaFolder(place)}/gitea.db
SQLITE_JOURNAL_MODE = WAL
[repository]
ROOT = ${giteaFolder(place)}/repositories
DEFAULT_BRANCH = main
[indexer]
ISSUE_INDEXER_TYPE = db
[security]
INSTALL_LOCK = true
SECRET_KEY = ${secret()}
INTERNAL_TOKEN = ${secret()}
PASSWORD_HASH_ALGO = pbkdf2$1000$50
[service]
DISABLE_REGISTRATION = true
[oauth2]
ENABLED = false
[mailer]
ENABLED = false
[actions]
ENABLED = false
[packages]
ENABLED = false
[cron]
ENABLED = false
[log]
MODE = console
LEVEL = Warn
`;

const secret = (): string => randomBytes(32).toString('hex');
