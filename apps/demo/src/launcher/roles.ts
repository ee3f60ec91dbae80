import { randomBytes } from 'node:crypto';

/** A view on the demonstration that the wall offers. */
export interface OfferedRole {
  readonly id: string;
  readonly name: string;
  /** What it shows, in a sentence. */
  readonly description: string;
  /** Of an event: what the gateway tells nobody who has this role. */
  readonly hidden: readonly FieldGroup[];
  /** The gateway that asks for the token; undefined: the page's own, which asks for none. */
  readonly gateway?: { readonly port: number; readonly token: string } | undefined;
  /** Ports of gateways that have the same as the page's own. Default: none. */
  readonly alsoAt?: readonly number[];
}

const FIELD_GROUPS = ['identity', 'face', 'scene', 'registered'] as const;
type FieldGroup = (typeof FIELD_GROUPS)[number];

/** As `access.roles` of the configuration has it. */
const LOBBY_SCREEN = {
  boxes: ['hq-lobby'],
  personTypes: ['VISITOR', 'VIP'],
  fields: ['face'],
  history: 'none',
} as const;

/** `access` of the gateway that shows as much as a screen in the lobby may. */
export const lobbyAccess = (token: string) => ({
  tokens: [{ name: 'lobby-screen', role: 'screen', token }],
  roles: { screen: LOBBY_SCREEN },
});

/** 256 bits, for as long as the demonstration runs. */
export const newToken = (): string => randomBytes(32).toString('base64url');

const FULL_DESK: OfferedRole = {
  id: 'full-desk',
  name: 'Full desk',
  description: 'Everybody at all sites, with names, all pictures and history.',
  hidden: [],
};

/** What is offered where several gateways have the same, at these ports. */
export const clusterRoles = (alsoAt: readonly number[]): readonly OfferedRole[] => [
  { ...FULL_DESK, alsoAt },
];

export const offeredRoles = (gateway: {
  readonly port: number;
  readonly token: string;
}): readonly OfferedRole[] => [
  FULL_DESK,
  {
    id: 'lobby-screen',
    name: 'Lobby screen',
    description:
      'Visitors and VIPs in the lobby. Names, scenes, registered pictures and history are hidden.',
    hidden: FIELD_GROUPS.filter((field) => !LOBBY_SCREEN.fields.some((shown) => shown === field)),
    gateway,
  },
];
