/** `1 gap`, `2 gaps`, `1,000 gaps` */
export const counted = (count: number, what: string): string =>
  `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
