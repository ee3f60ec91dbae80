import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problems.ts';

const NATS = 'nats: { servers: ["nats://10.0.0.7:4222"] }';

function messageOf(text: string): string {
  try {
    parseConfig(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

describe('a gateway that shares its log', () => {
  it('takes a file and a folder, by default beside each other', () => {
    expect(messageOf(`sites: []\njournal: { ${NATS} }`)).toBe('');
    expect(messageOf(`sites: []\njournal: { path: a/b.db, ${NATS} }\nimages: { path: c }`)).toBe(
      '',
    );
  });

  it('keeps neither events nor pictures in memory', () => {
    expect(
      messageOf(`sites: []\njournal:\n  path: memory\n  ${NATS}\nimages:\n  path: memory\n`),
    ).toBe(
      [
        'gateway.yaml:3:9: journal.path: found "memory", but with journal.nats each gateway keeps a copy of the log in a file; name a file',
        'gateway.yaml:6:9: images.path: found "memory", but with journal.nats each gateway keeps pictures in a folder; name a folder',
      ].join('\n'),
    );
    expect(messageOf('sites: []\njournal: { path: memory }\nimages: { path: memory }')).toBe('');
  });

  it('keeps no keys in memory', () => {
    expect(messageOf(`sites: []\njournal: { ${NATS} }\nprivacy: { keys: memory }`)).toContain(
      'gateway.yaml:3:18: privacy.keys: found "memory", but keys must be in a file; name one',
    );
  });

  it('reaches sites that there are', () => {
    const sites = 'sites: [{ id: hq, boxes: [] }, { id: plant, boxes: [] }]';
    expect(messageOf(`${sites}\ncluster: { sites: [plant] }`)).toBe('');
    expect(messageOf(`${sites}\ncluster: { sites: [] }`)).toBe('');
    expect(messageOf(`${sites}\ncluster: { sites: [hq, plnat] }`)).toBe(
      'gateway.yaml:2:24: cluster.sites[1]: no site has this id, so its boxes would be nobody’s; sites has: hq, plant',
    );
  });

  it('has a certificate only with its key', () => {
    const tls = (files: string) =>
      messageOf(`sites: []\njournal: { nats: { servers: ["tls://a"], tls: { ${files} } } }`);
    expect(tls('cert: a.pem, key: a.key')).toBe('');
    expect(tls('cert: a.pem')).toContain(
      'journal.nats.tls: found a map of keys; allowed: cert and',
    );
  });
});

it.each([
  'password: 20261129, user: gateway',
  'password: [hunter20261129], user: gateway',
  'token: 20261129',
  'token: { hunter20261129: 1 }',
  'pasword: hunter20261129',
])('a message shows no secret of NATS: %s', (login) => {
  const message = messageOf(`sites: []\njournal: { nats: { servers: ["nats://a"], ${login} } }`);
  expect(message).not.toBe('');
  expect(message).not.toContain('20261129');
});

it('a message shows no secret in the place of the section', () => {
  expect(messageOf('sites: []\njournal: { nats: nats-hunter20261129 }')).toContain('(not shown)');
});
