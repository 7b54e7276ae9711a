/** `node local/git/main.ts <folder> <port>`: serves the bare repositories of a folder on 127.0.0.1. */
import { gitServer } from './backend.ts';
import { GIT_USER } from './server.ts';

const [root = '', port = ''] = process.argv.slice(2);
gitServer({ root, users: { [GIT_USER.name]: GIT_USER.password, dev: GIT_USER.password } }).listen(
  Number(port),
  '127.0.0.1',
);
