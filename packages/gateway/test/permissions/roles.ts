import type { WrittenRole } from './oracle.ts';

const ALL_FIELDS = ['identity', 'face', 'scene', 'registered'];

const ROLES = {
  desk: { fields: ALL_FIELDS },
  guard: { sites: ['hq'], fields: ALL_FIELDS, answer: true },
  screen: {
    boxes: ['hq-lobby'],
    personTypes: ['VISITOR', 'VIP'],
    fields: ['face'],
    history: 'none',
  },
  camera: { devices: ['lab-door/cam'], fields: ['face', 'scene'] },
  officer: { personTypes: ['BLACKLIST', 'STRANGER'], fields: ['identity'], history: '1h' },
  nobody: { sites: [] },
} satisfies Record<string, WrittenRole>;

export const roles: Readonly<Record<keyof typeof ROLES, WrittenRole>> = ROLES;

export type RoleName = keyof typeof ROLES;
export const roleNames = Object.keys(ROLES) as RoleName[];

export const HOUR_MS = 3_600_000;

export const tokenOf = (role: RoleName): string => `token-of-the-${role}-role`;
export const bearer = (role: RoleName) => ({ Authorization: `Bearer ${tokenOf(role)}` });

export const PERSON_TYPES = ['EMPLOYEE', 'VISITOR', 'BLACKLIST', 'STRANGER', 'VIP'] as const;

export const PLACES = [
  { site: 'hq', box: 'hq-lobby', device: 'cam' },
  { site: 'hq', box: 'hq-lobby', device: 'gate' },
  { site: 'lab', box: 'lab-door', device: 'cam' },
  { site: 'lab', box: 'lab-door', device: 'gate' },
] as const;
