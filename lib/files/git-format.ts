import * as z from 'zod';
import { COMMIT, GIT_HOSTS, ON_GIT_CONFLICT } from '../core/git-lever.ts';
import { mapping, name, namespace, oneOf, SUBDOMAIN, says, secretArn, text } from './forms.ts';

const REPOSITORY_EXAMPLE = 'a URL such as https://git.example.com/shop/deploy.git';
/** Git's own rules (git check-ref-format), and nothing that a shell or an option could be. */
const BRANCH = /^(?![-/.])(?!.*(?:\/\/|\/\.|\.\.|@\{|\/$|\.$|\.lock(?:\/|$)))[A-Za-z0-9_.@+=#/-]{1,200}$/;
/** `reinstate/` is where pull requests are pushed to. */
const RESERVED_BRANCH = /^(HEAD|@|refs\/.*|reinstate\/.*)$/;
const BRANCH_EXAMPLE = 'the name of a branch, such as main';

const SEGMENT = String.raw`(?!-|\.\.?(?:\/|$)|\.[gG][iI][tT](?:\/|$))[A-Za-z0-9_.@+=~()-]+`;
const PATH = new RegExp(`^(?:\\.|${SEGMENT}(?:/${SEGMENT})*/?)$`);
const PATH_EXAMPLE =
  'a folder or file of the repository such as services/churn, without .., a leading / and wildcards; "." is all of it';
const LONGEST_PATH = 200;

const path = text(PATH, 'not a path of the repository', PATH_EXAMPLE).max(LONGEST_PATH, {
  error: says('path is too long', `at most ${LONGEST_PATH} characters`),
});

const branch = text(BRANCH, 'not a branch', BRANCH_EXAMPLE)
  .refine((typed) => !COMMIT.test(typed), { error: says('a commit stands for a branch', BRANCH_EXAMPLE) })
  .refine((typed) => !RESERVED_BRANCH.test(typed), {
    error: says('branch is reserved', `${BRANCH_EXAMPLE}, without refs/heads/; not HEAD or reinstate/...`),
  });

const MOST_PATHS = 20;

const application = mapping({
  cluster: name.describe('Key of the cluster in environment.yaml, the one where the Application stands'),
  namespace: namespace.default('argocd').describe('Namespace of the Application'),
  name: text(SUBDOMAIN, 'not a name of an Application', 'small letters, digits, hyphens and dots').describe(
    'Name of the Application',
  ),
});

/** What only a git lever has. Which URLs are allowed is said by the environment (urls.ts). */
export const gitShape = {
  repository: text(/^\S{1,300}$/, 'not a URL of a repository', REPOSITORY_EXAMPLE).describe(
    'URL of the repository, as "git clone" takes it; https, without a user',
  ),
  branch: branch.describe('Branch that is deployed'),
  paths: z
    .array(path, { error: says('not a list', 'paths such as [services/churn]') })
    .min(1, { error: says('list is empty', 'at least one path; [.] is the whole repository') })
    .max(MOST_PATHS, { error: says('list is too long', `at most ${MOST_PATHS} paths`) })
    .describe('What belongs to this service alone: folders or files'),
  secret: secretArn
    .optional()
    .describe('ARN of a Secrets Manager secret with {"username","password"} or {"token"}'),
  host: oneOf(GIT_HOSTS)
    .default('plain')
    .describe('How a pull request is opened where a push is refused; plain: only a branch is pushed'),
  conflict: oneOf(ON_GIT_CONFLICT)
    .default('paths')
    .describe('Where the bad commit does not revert cleanly: return the paths as a whole, or ask people'),
  application: application.optional().describe('The Application of Argo CD that puts what the branch holds'),
};
