import { describe, expect, it } from '@jest/globals';
import type { Settings } from '../../lib/ports/settings.ts';
import { aFlag, anArmedService } from './armed.ts';

export interface SettingsPlace {
  readonly settings: Settings;
  readonly environment: string;
  put(parameter: string, value: string): Promise<void>;
}

/** What settings keep; every place is an environment without a parameter. */
export function describeSettings(name: string, make: () => Promise<SettingsPlace>): void {
  describe(`${name} are settings`, () => {
    it('takes the first mode when nobody set one', async () => {
      const { settings } = await make();

      expect(await settings.mode('recommender', 'observe')).toBe('observe');
      expect(await settings.mode('recommender', 'act')).toBe('act');
    });

    it('lets the stricter of two modes win, and one that is set win over the first', async () => {
      const { settings, environment, put } = await make();

      await put(`/reinstate/${environment}/recommender/mode`, 'act');
      expect(await settings.mode('recommender', 'observe')).toBe('act');
      await put(`/reinstate/${environment}/mode`, 'off\n');
      expect(await settings.mode('recommender', 'observe')).toBe('off');
      expect(await settings.mode('other', 'observe')).toBe('off');
    });

    it('refuses a mode it does not know', async () => {
      const { settings, environment, put } = await make();
      await put(`/reinstate/${environment}/mode`, 'on');

      await expect(settings.mode('recommender', 'observe')).rejects.toMatchObject({
        name: 'OutsideRefusal',
        message: expect.stringContaining('"on"'),
      });
    });

    it('reads what was armed, or nothing', async () => {
      const { settings, environment, put } = await make();
      const armed = anArmedService([aFlag()], { environment });

      expect(await settings.armed('recommender')).toBeUndefined();
      await put(`/reinstate/${environment}/armed/recommender`, JSON.stringify(armed));
      expect(await settings.armed('recommender')).toEqual(armed);
    });

    it.each([
      ['no JSON', '{', /it is no JSON; deploy again$/],
      ['no armed service', '{"service":{}}', /is not as this version expects; deploy again$/],
      [
        'another service',
        JSON.stringify(anArmedService([aFlag()], { environment: 'elsewhere' })),
        /it is for service "recommender" in "elsewhere"; deploy again$/,
      ],
    ])('refuses an armed parameter that is %s', async (_, text, why) => {
      const { settings, environment, put } = await make();
      await put(`/reinstate/${environment}/armed/recommender`, text);

      await expect(settings.armed('recommender')).rejects.toMatchObject({
        name: 'OutsideRefusal',
        message: expect.stringMatching(why),
      });
    });
  });
}
