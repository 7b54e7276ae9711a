import { putParameter } from '../../lib/adapters/memory/world.ts';
import { aPolicy } from '../builders.ts';
import { aBrokenShop, PARAMETER, pass, SERVED } from './shop.ts';

const championOnly = { service: { policy: aPolicy({ do: [[{ lever: 'champion', verb: 'back' }]] }) } };
/** A shop in which the champion alone is bad. */
export const onlyTheChampionIsBad = async () => {
  const shop = await aBrokenShop(championOnly);
  putParameter(shop.world, PARAMETER, 'false');
  pass(shop, 6);
  shop.measure['error-ratio'] = () => ((shop.world.serving.get(SERVED) ?? []).includes('4') ? 0.3 : 0);
  return shop;
};

/** How often verify-recovery looked. */
export const looks = (states: readonly string[]) => states.filter((s) => s === 'VerifyRecovery').length;
