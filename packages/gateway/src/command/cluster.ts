import { type Problem, problemsOf } from '../cluster/survey/problems.ts';
import type { Survey } from '../cluster/survey/survey.ts';
import { surveyCluster } from '../cluster/survey/survey-cluster.ts';
import { loadSurveyed } from '../config/load.ts';
import { ConfigError } from '../config/problems.ts';
import { LooksWrong } from './looks-wrong.ts';
import { table } from './table.ts';

/**
 * Prints what can be seen of a cluster.
 *
 * @throws {LooksWrong} when something looks wrong.
 * @throws {ClusterError | ConfigError} when it can't be looked at.
 */
export async function showCluster(
  file: string,
  isJson: boolean,
  output: Pick<Console, 'log'> = console,
): Promise<void> {
  const { journal, sites } = await loadSurveyed(file);
  const { nats } = journal;
  if (!nats) {
    throw new ConfigError(file, [], `${file}: journal.nats is missing, so this is no cluster`);
  }
  const survey = await surveyCluster({ nats, sites });
  const problems = problemsOf(survey, nats.replicas);
  output.log(isJson ? asJson(survey, problems) : `${asTables(survey)}\n`);
  if (problems.length === 0) {
    if (!isJson) output.log('Nothing looks wrong.');
    return;
  }
  throw new LooksWrong(problems.map(({ message }) => `looks wrong: ${message}`).join('\n'));
}

const asJson = ({ boxes, ...survey }: Survey, problems: readonly Problem[]): string =>
  JSON.stringify(
    { ...survey, boxes: boxes.map((box) => ({ ...box, since: timeOf(box.since) })), problems },
    null,
    2,
  );

const NOTHING = '–';

const asTables = ({ gateways, boxes, streams }: Survey): string =>
  [
    table([
      ['gateway', 'version', 'state', 'boxes', 'behind', 'waiting'],
      ...gateways.map(({ name, version, state, boxes, behind, waiting }) => [
        ...[name, version, state],
        ...[boxes, behind ?? NOTHING, waiting],
      ]),
    ]),
    table([
      ['box', 'gateway', 'link', 'since'],
      ...boxes.map(({ id, gateway, link, since }) => [
        ...[id, gateway ?? NOTHING, link ?? NOTHING, timeOf(since) ?? NOTHING],
      ]),
    ]),
    table([
      ['stream', 'replicas', 'complete on', 'messages', 'bytes'],
      ...streams.map(({ name, state }) =>
        state
          ? [name, state.replicas, state.current, state.messages, state.bytes]
          : [name, NOTHING, NOTHING, NOTHING, NOTHING],
      ),
    ]),
  ].join('\n\n');

const timeOf = (ms: number | null): string | null =>
  ms === null ? null : new Date(ms).toISOString();
