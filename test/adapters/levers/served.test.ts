import { describe, expect, it } from '@jest/globals';
import { httpOf, readServed } from '../../../lib/adapters/levers/served.ts';
import { memoryClock } from '../../../lib/adapters/memory/clock.ts';
import { aFlag, anAlias, anArmedService } from '../../contracts/armed.ts';
import { json, serve } from '../serve.ts';

async function read(body: unknown, path = 'model.version') {
  const url = await serve((_, response) => json(response, body));
  const served = { url: `${url}/served`, path };
  return readServed(httpOf(anArmedService([anAlias({ served })])), memoryClock(0), served);
}

describe('readServed', () => {
  it.each([
    ['a text', '3', ['3']],
    ['a number', 3, ['3']],
    ['a boolean', false, ['false']],
    ['many instances', ['3', 4, true], ['3', '4', 'true']],
  ])('reads %s', async (_, version, values) => {
    expect(await read({ model: { version } })).toEqual(values);
  });

  it.each([
    ['nothing at the path', { model: {} }],
    ['null: no model is loaded', { model: { version: null } }],
    ['no instance at all', { model: { version: [] } }],
    ['an instance without a value', { model: { version: ['3', null] } }],
    ['an object', { model: { version: { number: 3 } } }],
    ['a name that every object inherits', { model: Object.create({ version: 3 }) }],
  ])('never takes %s for "all are good"', async (_, body) => {
    await expect(read(body)).rejects.toMatchObject({
      name: 'OutsideTrouble',
      message: expect.stringMatching(
        /^Cannot read "model.version" at .+; expected a value or a list of values$/,
      ),
    });
  });

  it('reads no inherited property', async () => {
    await expect(read({}, 'constructor.name')).rejects.toMatchObject({ name: 'OutsideTrouble' });
  });

  it('asks again while the service is starting, and gives up in the end', async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked += 1;
      json(response, { v: '3' }, asked === 1 ? 503 : 200);
    });
    const lever = aFlag({ served: { url, path: 'v' } });

    expect(await readServed(httpOf(anArmedService([lever])), memoryClock(0), { url, path: 'v' })).toEqual([
      '3',
    ]);
    asked = -9;
    const down = await serve((_, response) => json(response, 'down', 500));
    const other = { url: down, path: 'v' };
    const http = httpOf(anArmedService([aFlag({ served: other })]));
    await expect(readServed(http, memoryClock(0), other)).rejects.toMatchObject({ name: 'OutsideTrouble' });
  });

  it('takes a page that is not there for a refusal', async () => {
    const url = await serve((_, response) => json(response, 'no such page', 404));
    const at = { url, path: 'v' };
    const http = httpOf(anArmedService([aFlag({ served: at })]));

    await expect(readServed(http, memoryClock(0), at)).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: expect.stringMatching(/it answered 404 ""no such page""$/),
    });
  });
});

describe('F26: httpOf', () => {
  it('reaches the hosts that were armed and no other', async () => {
    const url = await serve((_, response) => json(response, {}));
    const elsewhere = await serve((_, response) => json(response, {}));
    const lever = anAlias({ served: { url, path: 'v' }, reload: `${url}/reload` });
    const http = httpOf(anArmedService([lever]));

    expect((await http({ url: `${url}/anything` })).status).toBe(200);
    await expect(http({ url: elsewhere })).rejects.toMatchObject({ name: 'OutsideRefusal' });
  });

  it('refuses loopback and plain http where the environment is not local', async () => {
    const url = await serve((_, response) => json(response, {}));
    const lever = aFlag({ served: { url, path: 'v' } });
    const http = httpOf(anArmedService([lever], { insecureLocal: false }));

    await expect(http({ url })).rejects.toMatchObject({ name: 'OutsideRefusal' });
  });
});
