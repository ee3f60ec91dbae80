import { useState } from 'react';
import { fieldsOf } from '../execution-result.ts';

/** The first of the values that are alike and come in a row, so that literals may be passed to hooks. */
export function useStable<T>(value: T): T {
  const [stable, setStable] = useState({ value });
  if (isAlike(stable.value, value)) return stable.value;
  setStable({ value });
  return value;
}

/**
 * Whether two values are deep-equal. A member that is left out is undefined; functions are alike,
 * since each rendering makes them anew.
 */
export function isAlike(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a === 'function') return typeof b === 'function';
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => isAlike(fieldsOf(a)[name], fieldsOf(b)[name]));
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
