/** Trouble between an adapter and a real part: something happens before a call, or its answer is lost. */
export interface Hooks {
  /** Runs once, just before the next call of this name. */
  before(name: string, what: () => Promise<void>): void;
  /** Runs once, right after the next call of this name. */
  after(name: string, what: () => Promise<void>): void;
  /** Calls of this name take effect and their answers are lost. */
  lose(name: string, times?: number): void;
}

export interface HookPoint extends Hooks {
  around<T>(name: string, call: () => Promise<T>): Promise<T>;
}

export function hookPoint(): HookPoint {
  const before = new Map<string, () => Promise<void>>();
  const after = new Map<string, () => Promise<void>>();
  const lost = new Map<string, number>();
  const take = async (hooks: Map<string, () => Promise<void>>, name: string) => {
    const what = hooks.get(name);
    hooks.delete(name);
    await what?.();
  };
  return {
    before: (name, what) => void before.set(name, what),
    after: (name, what) => void after.set(name, what),
    lose: (name, times = 1) => void lost.set(name, times),
    around: async (name, call) => {
      await take(before, name);
      const answer = await call();
      await take(after, name);
      const left = lost.get(name) ?? 0;
      if (left === 0) return answer;
      lost.set(name, left - 1);
      throw new Error('socket hang up');
    },
  };
}

/** A client of the SDK whose commands pass the hooks, named as the SDK names them. */
export function hooked(client: object): Hooks {
  const hooks = hookPoint();
  const { middlewareStack } = client as { middlewareStack: Stack };
  middlewareStack.add(
    (next, { commandName }) =>
      (args) =>
        hooks.around(commandName ?? '', () => next(args)),
    { step: 'initialize', name: 'hooks' },
  );
  return hooks;
}

interface Stack {
  add(
    middleware: (
      next: (args: unknown) => Promise<unknown>,
      context: { commandName?: string },
    ) => (args: unknown) => Promise<unknown>,
    options: { step: 'initialize'; name: string },
  ): void;
}
