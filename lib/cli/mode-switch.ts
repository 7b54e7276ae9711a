import type { ArmedService } from '../core/service.ts';
import { command, type Desk } from './desk.ts';

/** The command that makes the mode of a service `act`: for each parameter that votes for something stricter. */
export async function switchToAct(desk: Desk, { service }: ArmedService): Promise<string> {
  const [all, own] = await Promise.all([desk.modes.read(), desk.modes.read(service.name)]);
  const forAll = command(desk, 'mode act');
  const forOne = command(desk, `mode act --service ${service.name}`);
  const allIsStricter = all !== undefined && all !== 'act';
  const ownIsStricter = own !== undefined && own !== 'act';
  if (allIsStricter) return ownIsStricter ? `${forAll} && ${forOne}` : forAll;
  return forOne;
}
