type Answer = object | Error | ((input: Record<string, unknown>) => object | Error);

/** An SDK client that gives these answers in order, the last one for ever, and keeps what it was asked. */
export function stubClient<Client>(...answers: Answer[]) {
  const sent: { readonly name: string; readonly input: Record<string, unknown> }[] = [];
  const send = async (command: { input: Record<string, unknown> }) => {
    sent.push({ name: command.constructor.name, input: command.input });
    const next = answers[Math.min(sent.length, answers.length) - 1] ?? {};
    const answer = typeof next === 'function' ? next(command.input) : next;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { client: { send } as Client, sent };
}

/** What the SDK throws. */
export const awsError = (name: string, status: number | undefined, message = 'it said so.'): Error =>
  Object.assign(new Error(message), {
    name,
    $metadata: status === undefined ? {} : { httpStatusCode: status },
  });
