import { entry, appendAll, journalFile, keysOf, UNLIMITED } from '../test/support/journals.ts';
import { openSqliteJournal } from '../src/journal/sqlite/sqlite-journal.ts';
const file = await journalFile(); const limits={...UNLIMITED};
const journal = await openSqliteJournal({path:file.path, keys: keysOf(file.path), sync:'normal', limits});
const N=300_000,B=5_000; const t0=Date.now()-30*86400000; const t=performance.now();
for(let i=0;i<N;i+=B) await appendAll(journal, Array.from({length:B},(_,k)=>{const at=t0+Math.floor((i+k)*8000); return entry({ identityId:`id-${(i+k)%10_000}`, occurredAt: at, receivedAt: at+50 });}));
console.log('appended', ((performance.now()-t)/1000).toFixed(1)+' s');
for (const who of ['id-77','id-78','id-9999']) { const t1=performance.now(); const r=await journal.erase({kind:'identity',identityId:who}); console.log('person', r.events, (performance.now()-t1).toFixed(1)+' ms'); }
const t4=performance.now(); const c=await journal.count({identityIds:['id-77']}); console.log('count after', c, (performance.now()-t4).toFixed(1)+' ms');
const t2=performance.now(); const r2=await journal.erase({kind:'before',time:t0+15*86400000}); console.log('before', r2.events, (performance.now()-t2).toFixed(1)+' ms');
const t3=performance.now(); await journal.history({filter:{},take:{from:'last',count:50}}); console.log('first page', (performance.now()-t3).toFixed(1)+' ms');
const t5=performance.now(); let rounds=0; for (;;) { await journal.retain(); rounds++; const n=(await import('node:sqlite')); using db=new n.DatabaseSync(file.path,{readOnly:true}); const l=db.prepare('select count(*) as n from leaving').get()!['n']; if (l===0) break; } console.log('rows deleted after', ((performance.now()-t5)/1000).toFixed(1)+' s', rounds);
await journal[Symbol.asyncDispose](); await file[Symbol.asyncDispose]();
