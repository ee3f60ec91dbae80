import type { ContenderMethods } from '../../src/contenders/host.ts';
import { Child } from '../../src/process/child.ts';

const bare = new URL('../../src/contenders/bare.ts', import.meta.url);
const child = new Child<ContenderMethods>(bare, { core: undefined });
await child.call('usage');
console.log(child.pid);
