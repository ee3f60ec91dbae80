import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { createClient } from '../../src/index.ts';
import {
  GatewayProvider,
  useBoxes,
  useConnection,
  useHistory,
  useRecognitionEvents,
} from '../../src/react/index.ts';

function Everything() {
  const { events, gaps } = useRecognitionEvents({ withImages: true });
  const { boxes } = useBoxes();
  const history = useHistory();
  const { name } = useConnection();
  return JSON.stringify([events, gaps, boxes, history.events, history.isLoading, name]);
}

test('a server renders empty lists, and asks the gateway nothing', async () => {
  const asked: string[] = [];
  const options = {
    url: 'http://127.0.0.1:4000',
    fetch: (url: string) => {
      asked.push(url);
      return Promise.reject(new Error('no queries here'));
    },
  };
  const rendered = '[[],[],[],[],true,&quot;idle&quot;]';
  expect(
    renderToString(createElement(GatewayProvider, { options }, createElement(Everything))),
  ).toBe(rendered);
  await using client = createClient(options);
  expect(
    renderToString(createElement(GatewayProvider, { client }, createElement(Everything))),
  ).toBe(rendered);
  expect(client.state.name).toBe('idle');
  expect(asked).toEqual([]);
});

test('a hook without a provider says what to do', () => {
  expect(() => renderToString(createElement(Everything))).toThrow(/render one around it/);
});
